"""Variables and arguments are read as graphql-core reads them, though it is asked once for all requests of a shape."""

import re
from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, parse
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from opsplan.reading.compile.bindings import Bindings
from opsplan.reading.compile.operation import Operation

SCHEMA = build_schema("""
  scalar Facts
  enum Status { SUSPECTED CONFIRMED }
  input TextFilter { eq: String in: [String!] not: TextFilter }
  input Filter { name: TextFilter status: Status capacity: Int = 3 or: [Filter!] exactly: Filter }
  type Query {
    found(id: ID, where: Filter, first: Int! = 20, after: String, ids: [ID!], by: [Status!], facts: Facts): String
  }
""")
DOCUMENT = """
query ($id: ID, $name: String, $names: [String!], $status: Status, $first: Int = 5, $after: String, $one: ID!,
       $by: [Status!], $whole: Filter) {
  found(
    id: $id, first: $first, after: $after, ids: ["a", $one, "b"], by: $by, facts: {deep: [$name, 1]},
    where: {name: {eq: $name, not: {in: $names}}, status: $status, or: [{name: {eq: "fixed"}}, $whole]}
  )
  plain: found(where: {name: {eq: $name}, capacity: 4, or: [{status: $status}, {status: CONFIRMED}]}, ids: [$one])
}
"""
OPERATION = parse(DOCUMENT).definitions[0]
assert isinstance(OPERATION, OperationDefinitionNode)
FIELDS = list(OPERATION.selection_set.selections)
DEFINITION = SCHEMA.query_type.fields["found"]  # type: ignore[union-attr]

_STATUS = st.sampled_from(["SUSPECTED", "CONFIRMED"])
_FILTERS = st.fixed_dictionaries(
    {}, optional={"name": st.fixed_dictionaries({"eq": st.none() | st.text(max_size=3)}), "status": _STATUS}
)
FITTING = st.fixed_dictionaries(
    {"one": st.text(max_size=3), "whole": _FILTERS},
    optional={
        "id": st.none() | st.text(max_size=3),
        "name": st.none() | st.text(max_size=3),
        "names": st.none() | st.lists(st.text(max_size=3), max_size=3) | st.text(max_size=3),
        "status": st.none() | _STATUS,
        "first": st.integers(0, 9),
        "after": st.none() | st.text(max_size=3),
        "by": st.none() | st.lists(_STATUS, max_size=3) | _STATUS,
    },
)
ANYTHING = st.dictionaries(
    st.sampled_from(["one", "id", "name", "names", "status", "first", "after", "by", "unknown"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.text(max_size=2)),
)


class _Ground:
    """As much of the ground as an operation needs to be taken apart."""

    schema = SCHEMA
    orders = frozenset[str]()
    bounded = frozenset[tuple[str, str]]()
    bounds = frozenset[str]()


@given(FITTING, st.lists(FITTING, min_size=1, max_size=5))
@pytest.mark.parametrize("field", FIELDS, ids=["found", "plain"])
def test_arguments_are_those_that_graphql_core_reads(
    field: Any, first: dict[str, Any], others: list[dict[str, Any]]
) -> None:
    """Whatever the request was for which a statement was compiled, the arguments of later ones are their own."""
    bindings = Bindings()
    try:
        number, given_first = bindings.arguments(DEFINITION, field, _values(first))
    except GraphQLError:
        return
    assert given_first == get_argument_values(DEFINITION, field, _values(first))
    kept = bindings._arguments[number]
    assert kept is not None
    for other in [*others, first]:
        values = _values(other)
        try:
            wanted = get_argument_values(DEFINITION, field, values)
        except GraphQLError as refused:
            with pytest.raises(GraphQLError, match="^" + _escaped(refused)):
                kept.of(values)
            continue
        if _shape(other) == _shape(first):
            assert kept.of(values) == wanted


def test_values_of_one_request_are_not_kept() -> None:
    """What is kept for later requests holds nothing of the first one's variables, and does not change."""
    bindings = Bindings()
    secret = {"one": "canary", "name": "canary", "status": "CONFIRMED", "whole": {}}
    bindings.arguments(DEFINITION, FIELDS[1], _values(secret))
    (kept,) = bindings._arguments
    assert kept is not None
    assert kept.holes is not None, "the plain field is read by its holes"
    before = repr(kept.given)
    assert "canary" not in before
    kept.of(_values({**secret, "one": "other"}))
    assert repr(kept.given) == before


@given(st.one_of(FITTING, ANYTHING))
@pytest.mark.parametrize("names", ["one", "id one by", "names first status", "one whole", ""])
def test_variables_are_those_that_graphql_core_reads(names: str, inputs: dict[str, Any]) -> None:
    """Values, defaults, what is left out, and the errors of what does not fit, are graphql-core's own."""
    types = {"one": "ID!", "id": "ID", "by": "[Status!]", "names": "[String!]", "first": "Int = 5", "status": "Status"}
    declared = ", ".join(f"${name}: {types.get(name, 'Filter')}" for name in names.split())
    document = parse(f"query {f'({declared})' if declared else ''} {{ __typename }}")
    node = document.definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    got = Operation(_Ground(), node, {}).variables(inputs)  # type: ignore[arg-type]
    wanted = get_variable_values(SCHEMA, node.variable_definitions or (), inputs)
    if isinstance(wanted, list):
        assert isinstance(got, list)
        assert [each.message for each in got] == [each.message for each in wanted]
    else:
        assert isinstance(got, VariableValues)
        assert repr(got.coerced) == repr(wanted.coerced)
        one, other = (
            {key: (str(each.signature.type), repr(each.value)) for key, each in values.sources.items()}
            for values in (got, wanted)
        )
        assert one == other


def _values(inputs: dict[str, Any]) -> VariableValues:
    assert isinstance(OPERATION, OperationDefinitionNode)
    values = get_variable_values(SCHEMA, OPERATION.variable_definitions or (), inputs)
    assert isinstance(values, VariableValues), values
    return values


def _shape(inputs: dict[str, Any]) -> set[str]:
    """Requests of one shape give the same variables, none of them null where the other's is not."""
    return {name for name, value in inputs.items() if value is not None} | {
        f"{name} is null" for name, value in inputs.items() if value is None
    }


def _escaped(refused: GraphQLError) -> str:
    return re.escape(str(refused.message))
