"""The risk of a plan against a simulator that shows the definition, one course at a time."""
