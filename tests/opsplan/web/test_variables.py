"""What is wrong with the values of variables is told by field, value and remedy, and never with the whole input."""

from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from opsplan.web.variables import MOST_TOLD, errors_in
from tests.opsplan.web.test_claims import CLAIM, CREATE

ROOT = Path(__file__).parents[3]
UPSERT = "mutation ($items: [UpsertClaimItem!]!) { upsertClaims(input: {items: $items}) { __typename } }"


def told(answer: dict[str, Any]) -> list[tuple[str, str, Any, str]]:
    """Give field, message, value and remedy of each error; all have the code of what was never executed."""
    assert "data" not in answer
    assert {each["extensions"]["code"] for each in answer["errors"]} == {"BAD_QUERY"}
    return [
        (
            each["extensions"]["field"],
            each["message"],
            each["extensions"].get("value"),
            each["extensions"]["remedy"],
        )
        for each in answer["errors"]
    ]


@pytest.mark.parametrize(
    ("more", "field", "message", "value", "remedy"),
    [
        ({"kind": "RAIDD"}, "input.kind", "input.kind: 'RAIDD' is no ActionKind.", "RAIDD", "give one of: ARREST, "),
        ({"kind": None}, "input.kind", "input.kind is missing.", None, "give a value"),
        ({"start": "tomorrow"}, "input.start", "input.start: 'tomorrow' is no instant.", "tomorrow", "give ISO 8601"),
        ({"radiusM": "wide"}, "input.radiusM", "input.radiusM: Float cannot", "wide", "give a number"),
        ({"radius": 5}, "input.radius", "input has no field 'radius'.", None, "did you mean radiusM?"),
        ({"zzzzz": 5}, "input.zzzzz", "input has no field 'zzzzz'.", None, "give: capacities, "),
        ({"seen": [7]}, "input.seen[0]", "input.seen[0]: String cannot represent", 7, "give a text"),
    ],
)
async def test_a_wrong_value_is_named_with_its_field_and_what_would_be_taken(
    api: Any, world: Any, more: dict[str, Any], field: str, message: str, value: Any, remedy: str
) -> None:
    """One error for what is wrong, with the place in the input."""
    (found,) = told((await api().post(CREATE, {"input": {**CLAIM, **more}})).json())
    assert (found[0], found[2]) == (field, value)
    assert found[1].startswith(message)
    assert found[3].startswith(remedy)


@pytest.mark.parametrize(
    "step", [{}, {"pin": None}, {"pin": None, "move": None}, {"pin": "action_x", "drop": "action_x"}, {"pin": [1]}]
)
def test_an_input_that_takes_one_of_its_fields_says_so(step: dict[str, Any]) -> None:
    """None, null or two: the input is named, with the fields of which it takes one."""
    schema = build_schema((ROOT / "graph_schema" / "public.graphql").read_text(encoding="utf-8"))
    document = parse("mutation ($input: EditPlanInput!) { editPlan(input: $input) { __typename } }")
    (operation,) = document.definitions
    given = {"planId": "plan_x", "expectedVersion": 1, "reason": "EXERCISE", "steps": [step]}
    assert isinstance(operation, OperationDefinitionNode)
    (found,) = errors_in(schema, operation, {"input": given})
    assert found.extensions is not None
    where = "input.steps[0].pin" if step == {"pin": [1]} else "input.steps[0]"
    assert found.extensions["field"] == where
    assert found.message.startswith(f"{where} has to have exactly one field." if where[-1] == "]" else f"{where}: ID")
    assert found.extensions["remedy"].startswith("give one of: " if where[-1] == "]" else "give an id")


async def test_all_that_is_wrong_is_told_once_up_to_a_number(api: Any, world: Any) -> None:
    """Two unknown members and a missing one are three errors; of a thousand wrong items the first are told."""
    wrong = {name: value for name, value in CLAIM.items() if name != "kind"} | {"a1": 1, "b2": 2}
    found = told((await api().post(CREATE, {"input": wrong})).json())
    assert sorted(each[0] for each in found) == ["input.a1", "input.b2", "input.kind"]
    items = [{**CLAIM, "externalId": f"c{number}", "kind": f"X{number}"} for number in range(1_000)]
    found = told((await api().post(UPSERT, {"items": items})).json())
    assert [each[0] for each in found] == [f"items[{number}].kind" for number in range(MOST_TOLD)]
    found = told((await api().post(UPSERT, {})).json())
    assert found == [("items", "items is missing.", None, "give a value")]


async def test_a_long_value_is_told_in_part(api: Any, world: Any) -> None:
    """Whoever sends a book as a kind does not get it back."""
    (found,) = told((await api().post(CREATE, {"input": {**CLAIM, "kind": "X" * 100_000}})).json())
    assert len(found[1]) < 400
    assert len(found[2]) < 400
