"""Limits of one read, checked before the database is touched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one read may ask for.

    Attributes
    ----------
    default_page, largest_page
        Records of a list when `first` is not given, and at most.
    largest_depth
        Levels of records below a root field (edges, nodes and pageInfo are no levels of their own).
    largest_cost
        What an operation may cost: the records that it may read, by its page sizes multiplied along the nesting, and
        the looks at others; see `opsplan.reading.compile.cost`.
    mutation_cost
        What each mutation costs beside the reading of its answer.
    other_cost
        What each root field costs that a resolver answers in its own way.
    most_ids
        Ids that `nodes` may name, and values that one `in` of a filter may hold.
    most_conditions
        Comparisons, relations and combinations in one filter.
    deepest_filter
        Relations inside relations of one filter: the server's planner takes twice as long for each further one.
    deepest_combination
        Combinations (and, or, not) inside each other in one filter: beyond some 80 the server's planner runs out of
        stack, and then never answers.
    most_parts
        References and lists in the selection of one root field: each is a subquery that the server must plan.
    most_order_keys
        Sort keys of one list.
    at_once
        Root fields of one operation that are read at the same time; further ones wait.
    """

    default_page: int = 20
    largest_page: int = 1_000
    largest_depth: int = 12
    largest_cost: int = 250_000
    mutation_cost: int = 100
    other_cost: int = 20
    most_ids: int = 1_000
    most_conditions: int = 100
    deepest_filter: int = 4
    deepest_combination: int = 20
    most_parts: int = 60
    most_order_keys: int = 4
    at_once: int = 8


LIMITS = Limits()
"""The limits that the service uses unless told otherwise."""
