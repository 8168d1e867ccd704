"""The only room that knows OR-Tools: the exact model, its rules and goals one per file, and the running of
it.

A model covers a `Scope`: some actions free, all others fixed as a draft has them. With every action free it
is the whole problem, and its bounds are proofs; with a few dozen free it is a neighbourhood for the search.
Here does not live any choice of neighbourhoods (`solver.portfolio`) nor the checker.
"""
