"""The rules as constraints, one per file; a rule never imports another.

A module may have `narrow(variables)`, which takes starts away before the variables get their domains, and
`add(variables)`, which adds constraints. Its name is the rule's name in `solver.verify`.
"""
