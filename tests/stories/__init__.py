"""Stories: what the product promises its users from end to end, shown on the running service.

Here live stories and what they need to be told: the service with the exercise in it, mutations of plans and facts.
Rules of single rooms are tested where the rooms are.
"""
