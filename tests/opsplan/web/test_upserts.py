"""A thousand records in one call by external id, with an answer for each; atomic or partial, and nothing in between."""

import asyncio
import random
from typing import Any

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, Api, agency_id
from tests.seeds import with_fresh

UPSERT = """mutation ($items: [UpsertCompoundItem!]!, $mode: UpsertMode, $key: String) {
  upsertCompounds(input: {items: $items, mode: $mode}, idempotencyKey: $key) {
    __typename
    ... on CompoundsUpserted {
      items { index externalId outcome recordId refusal { __typename code message field remedy
        ... on InvalidInput { problems { field message } } } }
      compounds { id name externalId country { code } }
    }
    ... on Refusal { code message field remedy }
  }
}"""
POINT = {"longitude": 104.9, "latitude": 11.6}


@pytest.fixture
def caller(api: Any) -> Api:
    """Ask as a coordinator of an agency of the world."""
    asks: Api = api()
    return asks


def item(number: int, **more: Any) -> dict[str, Any]:
    """Give an item, as a case system would send it."""
    return {"externalId": f"case-{number}", "name": f"EXERCISE Site {number}", "location": POINT, **more}


async def upsert(api: Api, items: list[dict[str, Any]], mode: str | None = None, key: str | None = None) -> Any:
    """Upsert compounds and give the payload."""
    return (await api.data(UPSERT, {"items": items, "mode": mode, "key": key}))["upsertCompounds"]


async def stored(world: Any) -> list[list[Any]]:
    """Give external id, name and owner of all compounds, in order."""
    return await world.read_rows("MATCH (c:Compound) RETURN c.external_id, c.name, c.owner_id, c.version ORDER BY c.id")


def outcomes(payload: Any) -> list[str]:
    """Give the outcomes of the items."""
    return [each["outcome"] for each in payload["items"]]


async def test_a_thousand_are_created_then_unchanged_then_updated(caller, world):
    """One call each; the records come back in the order of the items, read in one statement."""
    items = [item(number) for number in range(1_000)]
    made = await upsert(caller, items)
    assert outcomes(made) == ["CREATED"] * 1_000
    assert [each["externalId"] for each in made["compounds"]] == [each["externalId"] for each in items]
    assert made["compounds"][0]["country"] == {"code": "KH"}
    assert outcomes(await upsert(caller, items)) == ["UNCHANGED"] * 1_000
    items[3]["name"] = "EXERCISE Other"
    again = await upsert(caller, items)
    assert [place for place, each in enumerate(outcomes(again)) if each == "UPDATED"] == [3]
    assert [each["recordId"] for each in again["items"]] == [each["recordId"] for each in made["items"]]
    rows = await stored(world)
    assert len(rows) == 1_000
    assert sum(version for *_, version in rows) == 1_001


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "input.items[500].name"),
        ({"country": "TH"}, "input.items[500].country"),
        ({"ownerId": OTHER}, None),
        ({"name": "x" * 300}, "input.items[500].name"),
        ({"externalId": "case-7"}, "input.items[500].externalId"),
        ({"externalId": " "}, "input.items[500].externalId"),
        ({"marking": None}, "input.items[500].marking"),
    ],
)
async def test_one_bad_item_of_a_thousand(caller, world, wrong, field):
    """ATOMIC takes none and says which is to blame; PARTIAL takes all others. The same words in both."""
    items = [item(number) for number in range(1_000)]
    items[500] |= wrong
    atomic = await upsert(caller, items, "ATOMIC")
    assert outcomes(atomic) == ["NOT_APPLIED"] * 500 + ["REFUSED"] + ["NOT_APPLIED"] * 499
    assert (await stored(world), atomic["compounds"]) == ([], [])
    partial = await upsert(caller, items, "PARTIAL")
    assert outcomes(partial) == ["CREATED"] * 500 + ["REFUSED"] + ["CREATED"] * 499
    assert len(await stored(world)) == 999
    refusals = [each["items"][500]["refusal"] for each in (atomic, partial)]
    assert refusals[0] == refusals[1]
    assert refusals[0]["message"]
    assert field is None or refusals[0]["field"] == field


async def test_what_is_left_out_stays_and_null_takes_away(caller, world):
    """An item says what is to be known; only what it names is touched."""
    await upsert(caller, [item(1, source="A letter.", aliases=["Red Gate"])])
    await upsert(caller, [item(1, name="EXERCISE New")])
    rows = await world.read_rows("MATCH (c:Compound) RETURN c.name, c.source, c.aliases")
    assert rows == [["EXERCISE New", "A letter.", ["Red Gate"]]]
    await upsert(caller, [item(1, name="EXERCISE New", source=None)])
    assert await world.read_rows("MATCH (c:Compound) RETURN c.source") == [[None]]


async def test_what_must_be_there_cannot_be_taken_away(caller, world):
    """Null of what a record cannot be without is refused, of one that is there as of a new one; it stays as it was."""
    await upsert(caller, [item(1)])
    for name in ("marking", "status"):
        for number in (1, 2):
            (refused,) = (await upsert(caller, [item(number, **{name: None})]))["items"]
            assert (refused["outcome"], refused["refusal"]["field"]) == ("REFUSED", f"input.items[0].{name}")
    assert await world.read_rows("MATCH (c:Compound) RETURN c.marking, c.status IS NULL") == [["TLP_AMBER", False]]


async def test_two_agencies_use_the_same_external_id(caller, service, http, world):
    """Each has a record of its own; neither sees the other's as its own."""
    other = Api(http, service.token(OTHER, Role.PLANNER))
    mine = await upsert(caller, [item(1)])
    theirs = await upsert(other, [item(1, name="EXERCISE Theirs")])
    assert (outcomes(mine), outcomes(theirs)) == (["CREATED"], ["CREATED"])
    assert sorted(owner for _, _, owner, _ in await stored(world)) == sorted([agency_id(OWN), agency_id(OTHER)])


async def test_clients_race_with_the_same_items(caller, world):
    """Six at once: each item is created once, and nobody gets an error for it."""
    items = [item(number) for number in range(40)]
    said = await asyncio.gather(*(upsert(caller, random.sample(items, len(items)), "PARTIAL") for _ in range(6)))
    found = [outcome for each in said for outcome in outcomes(each)]
    assert found.count("CREATED") == 40
    assert found.count("UNCHANGED") == 200
    assert len(await stored(world)) == 40


async def test_a_repeated_call_gets_its_first_answer(caller, world):
    """With the key: nothing is done again, refusals are told in the same words; other arguments are refused."""
    items = [item(1), item(2, country="TH"), item(3)]
    first = await upsert(caller, items, "PARTIAL", "load-0001")
    await upsert(caller, [item(1, name="EXERCISE Meanwhile")])
    assert await upsert(caller, items, "PARTIAL", "load-0001") == {
        **first,
        "compounds": [{**first["compounds"][0], "name": "EXERCISE Meanwhile"}, first["compounds"][1]],
    }
    other = await upsert(caller, items[:1], "PARTIAL", "load-0001")
    assert other["code"] == "IDEMPOTENCY_CONFLICT"


@pytest.mark.parametrize("seed", with_fresh(3, 4))
async def test_partial_takes_exactly_what_is_right(caller, world, seed):
    """Random good and bad items: what is taken is what is right, as each alone would be."""
    chance = random.Random(seed)
    ways = [{}, {}, {}, {"country": "TH"}, {"name": ""}, {"ownerId": OTHER}, {"capacity": -1}]
    items = [item(number, **chance.choice(ways)) for number in range(chance.randrange(2, 25))]
    payload = await upsert(caller, items, "PARTIAL")
    right = [each for each in items if not {"country", "ownerId", "capacity"} & each.keys() and each["name"]]
    expected = ["CREATED" if each in right else "REFUSED" for each in items]
    if "items" not in payload:
        assert expected.count("REFUSED") > 10, payload
        return
    assert outcomes(payload) == expected
    assert sorted(each for each, *_ in await stored(world)) == sorted(each["externalId"] for each in right)


async def test_a_call_can_be_refused_whole(caller, service, http, world):
    """Nobody's items, none, too many, and readers: one refusal, and nothing is done."""
    for items in ([], [item(number) for number in range(1_001)]):
        assert (await upsert(caller, items))["field"] == "input.items"
    reader = Api(http, service.token(OWN, Role.READER))
    assert (await upsert(reader, [item(1)]))["code"] == "FORBIDDEN"
    agencies = "mutation { upsertAgencies(input: {items: []}) { ... on Refusal { code message } } }"
    assert (await caller.data(agencies))["upsertAgencies"]["code"] == "FORBIDDEN"
    assert await stored(world) == []


async def test_every_noun_that_users_enter_can_be_upserted(caller, world):
    """None is left out, and none that the service makes is there."""
    fields = (await caller.data("{ __schema { mutationType { fields { name } } } }"))["__schema"]["mutationType"][
        "fields"
    ]
    upserts = {each["name"] for each in fields if each["name"].startswith("upsert")}
    assert upserts == {f"upsert{noun.plural}" for noun in CATALOGUE if noun.entered}
