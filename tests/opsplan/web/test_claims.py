"""Claims over the API: refused with typed keys, committed with them, and thousands in a call."""

from typing import Any

import pytest

from tests.opsplan.web.conftest import OTHER, OWN, agency_id

CREATE = """mutation ($input: CreateClaimInput!) { createClaim(input: $input) {
  __typename
  ... on Claim { id key }
  ... on KeysMissingError { code message remedy missing {
    key contactId claimId kind rule ruleVersion severity distanceM gapMinutes
  } }
  ... on InvalidInput { problems { field message remedy } }
} }"""
PLACE = {"longitude": 104.92, "latitude": 11.56}
SQUARE = [[104.9, 11.5], [105.0, 11.5], [105.0, 11.6], [104.9, 11.6]]
SUBJECT = {"kind": "PERSON", "names": ["Sokha Marrow"]}
CLAIM = {
    "kind": "RAID",
    "location": PLACE,
    "radiusM": 200.0,
    "start": "2026-12-01T04:00:00Z",
    "end": "2026-12-01T08:00:00Z",
}


@pytest.mark.requirement("D9")
@pytest.mark.requirement("D7")
async def test_a_claim_is_refused_with_its_missing_keys_and_committed_with_them(api: Any, world: Any) -> None:
    """The refusal is typed and names the other claim, its owner, the rule; both sides then read conflict and notice."""
    mine, other = api(), api(OTHER)
    there = (await mine.data(CREATE, {"input": CLAIM}))["createClaim"]
    watch = {**CLAIM, "kind": "SURVEILLANCE"}
    refused = (await other.data(CREATE, {"input": watch}))["createClaim"]
    assert (refused["__typename"], refused["code"]) == ("KeysMissingError", "KEYS_MISSING")
    (missing,) = refused["missing"]
    assert missing == {
        "key": there["key"],
        "contactId": agency_id(OWN),
        "claimId": there["id"],
        "kind": "SPACE_TIME",
        "rule": "RAID+SURVEILLANCE",
        "ruleVersion": 0,
        "severity": "CRITICAL",
        "distanceM": 0.0,
        "gapMinutes": 0,
    }
    made = (await other.data(CREATE, {"input": {**watch, "seen": [there["key"]]}}))["createClaim"]
    assert made["__typename"] == "Claim"
    asked = "{ conflicts { nodes { state marginM first { id } second { id } } } notices { nodes { isBlind key } } }"
    for caller, key in ((mine, made["key"]), (other, there["key"])):
        told = await caller.data(asked)
        (conflict,) = told["conflicts"]["nodes"]
        assert (conflict["first"]["id"], conflict["second"]["id"]) == (there["id"], made["id"])
        assert (conflict["state"], conflict["marginM"]) == ("OPEN", 2000.0)
        assert told["notices"]["nodes"] == [{"isBlind": False, "key": key}]


@pytest.mark.requirement("D5")
async def test_of_a_pointer_only_whom_to_call_is_told(api: Any, world: Any) -> None:
    """A hidden claim is in no list of the other side; the refusal and the notice name an agency and a key."""
    mine, other = api(), api(OTHER)
    assert (await mine.data(CREATE, {"input": {**CLAIM, "sensitivity": "POINTER"}}))["createClaim"]["key"]
    refused = (await other.data(CREATE, {"input": CLAIM}))["createClaim"]
    (missing,) = refused["missing"]
    told = {name for name, value in missing.items() if value is not None}
    assert told == {"key", "contactId"}
    assert (await other.data(CREATE, {"input": {**CLAIM, "seen": [missing["key"]]}}))["createClaim"]["key"]
    read = await other.data(
        "{ claims { totalCount } conflicts { totalCount } notices { nodes { isBlind key contact { id } } } }"
    )
    assert (read["claims"]["totalCount"], read["conflicts"]["totalCount"]) == (1, 0)
    assert read["notices"]["nodes"] == [{"isBlind": True, "key": missing["key"], "contact": {"id": agency_id(OWN)}}]


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({"end": "2026-12-01T04:00:00Z"}, "input.end", "is not after start"),
        ({"outline": [[104.9, 11.5], [104.9, 11.6]]}, "input.outline", "it is no polygon"),
        ({"outline": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "input.outline", "it is no polygon"),
        ({"outline": [[104.9, 11.5], [104.9, "11.6"], [105, 11.6]]}, "input.outline", "it is no polygon"),
        ({"outline": [[104.9, 11.5], [104.9, 11.6], [1050, 11.6]]}, "input.outline", "it is no polygon"),
        ({"radiusM": -1.0}, "input.radiusM", "below 0"),
        ({"outline": SQUARE}, "input.radiusM", "has no radius"),
        ({"outline": SQUARE, "radiusM": 0, "location": {"longitude": 3, "latitude": 3}}, "input.location", "outside"),
        ({"subjects": [{**SUBJECT, "born": "1984-02-31"}]}, "input.subjects", "'1984-02-31' is no date"),
        ({"subjects": [{**SUBJECT, "countries": ["XX"]}]}, "input.subjects", "'XX' is no ISO 3166-1"),
        (
            {"subjects": [{**SUBJECT, "identifiers": [{"scheme": "PHONE", "value": "abc"}]}]},
            "input.subjects",
            "'abc' is nothing to tell a PHONE by",
        ),
        ({"capacities": [{"country": "XX", "kind": "BED", "amount": 1}]}, "input.capacities", "'XX' is no ISO 3166-1"),
    ],
)
async def test_what_is_no_claim_is_refused_by_its_field(
    api: Any, world: Any, more: dict[str, Any], field: str, message: str
) -> None:
    """Zero length, no area, two areas, corners that make none: each is named with what would be accepted."""
    refused = (await api().data(CREATE, {"input": {**CLAIM, **more}}))["createClaim"]
    assert refused["__typename"] == "InvalidInput", refused
    (problem,) = refused["problems"]
    assert problem["field"] == field
    assert message in problem["message"]
    assert problem["remedy"]
    assert await world.read_rows("MATCH (n:Claim) RETURN n.id") == []


async def test_thousands_in_a_call(api: Any, world: Any) -> None:
    """Ten thousand claims are entered in one call; each is found by whoever comes near it."""
    items = [
        {
            **CLAIM,
            "externalId": f"c{number}",
            "location": {"longitude": 100 + number % 80 * 0.1, "latitude": number // 80 * 0.1},
        }
        for number in range(10_000)
    ]
    upsert = """mutation ($items: [UpsertClaimItem!]!) { upsertClaims(input: {items: $items}) {
      __typename ... on ClaimsUpserted { items { outcome } } ... on Refusal { message } } }"""
    done = (await api().data(upsert, {"items": items}))["upsertClaims"]
    assert [each["outcome"] for each in done["items"]] == ["CREATED"] * 10_000
    refused = (await api(OTHER).data(CREATE, {"input": {**CLAIM, "location": {"longitude": 103.0, "latitude": 2.0}}}))[
        "createClaim"
    ]
    assert len(refused["missing"]) == 1
