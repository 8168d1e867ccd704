"""One file per rule: a trivial problem, a plan that breaks the rule alone, and one that keeps it narrowly."""
