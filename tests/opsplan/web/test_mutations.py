"""Mutations over HTTP: create, change, retire, restore, step, merge; what comes back, and what stands in the graph."""

import asyncio
import json
import uuid

import pytest

from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import ABROAD, OTHER, OWN, agency_id

REFUSAL = "... on Refusal { __typename code message field value remedy retryable }"
CREATE_COMPOUND = f"""
mutation ($input: CreateCompoundInput!, $key: String) {{
  createCompound(input: $input, idempotencyKey: $key) {{
    ... on Compound {{ id version name aliases status createdBy owner {{ code name }} country {{ code }} }}
    {REFUSAL}
    ... on InvalidInput {{ problems {{ field message remedy value }} }}
  }}
}}"""
CHANGE_COMPOUND = f"""
mutation ($input: ChangeCompoundInput!) {{
  changeCompound(input: $input) {{
    ... on Compound {{ id version name notes capacity aliases }}
    {REFUSAL}
    ... on VersionConflictError {{ currentVersion }}
    ... on InvalidInput {{ problems {{ field message }} }}
  }}
}}"""
SITE = {"name": "EXERCISE Heron Court", "location": {"longitude": 104.9, "latitude": 11.6}, "capacity": 40}


async def _count(graph, label="Compound"):
    return (await graph.read_rows(f"MATCH (n:{label}) RETURN count(n)"))[0][0]


async def _created(api, **more):
    data = await api().data(CREATE_COMPOUND, {"input": SITE | more})
    return data["createCompound"]


async def test_a_created_record_comes_back_with_the_whole_selection(api, world):
    """What a mutation gives back is read as any query reads it: nested, with values that the server filled in."""
    made = await _created(api, aliases=["หมู่บ้านนกกระสา"])
    assert made["name"] == SITE["name"]
    assert made["version"] == 1
    assert made["status"] == "SUSPECTED"
    assert made["owner"] == {"code": OWN, "name": f"EXERCISE {OWN}"}
    assert made["createdBy"] == "anna"
    assert made["aliases"] == ["หมู่บ้านนกกระสา"]
    data = await api(OTHER, Role.READER).data("query ($id: ID!) { compound(id: $id) { id name } }", {"id": made["id"]})
    assert data["compound"] == {"id": made["id"], "name": SITE["name"]}


async def test_aliases_fragments_and_variables_of_the_selection_hold(api, world):
    """Aliases, fragments and directives below a mutation are answered as below a query, in their order."""
    data = await api().data(
        """
        mutation M($input: CreateCompoundInput!, $with: Boolean!) {
          first: createCompound(input: $input) { __typename ...C }
          second: createCompound(input: {name: "EXERCISE Second", location: {longitude: 1, latitude: 2}}) { ...C }
        }
        fragment C on Compound { n: name owner @include(if: $with) { c: code } same: name }
        """,
        {"input": SITE, "with": True},
    )
    assert data["first"] == {"__typename": "Compound", "n": SITE["name"], "owner": {"c": OWN}, "same": SITE["name"]}
    assert data["second"]["n"] == "EXERCISE Second"


async def test_what_is_left_out_stays_and_null_removes(api, world):
    """A change tells apart a member that is missing from one that is null."""
    made = await _created(api, notes="as heard")
    changed = (
        await api().data(
            CHANGE_COMPOUND, {"input": {"id": made["id"], "expectedVersion": 1, "name": "EXERCISE Crane Court"}}
        )
    )["changeCompound"]
    assert (changed["version"], changed["name"], changed["notes"]) == (2, "EXERCISE Crane Court", "as heard")
    changed = (await api().data(CHANGE_COMPOUND, {"input": {"id": made["id"], "expectedVersion": 2, "notes": None}}))[
        "changeCompound"
    ]
    assert (changed["version"], changed["capacity"], changed["notes"]) == (3, 40, None)
    refused = await api().data(CHANGE_COMPOUND, {"input": {"id": made["id"], "expectedVersion": 3, "marking": None}})
    assert refused["changeCompound"]["field"] == "input.marking", "what has a default always has a value"


async def test_an_outdated_version_is_refused_with_the_current_one(api, world):
    """Who acts on what has changed meanwhile gets a VersionConflictError, and nothing is changed."""
    made = await _created(api)
    for _ in range(2):
        change = {"id": made["id"], "expectedVersion": 1, "capacity": 50}
        result = (await api().data(CHANGE_COMPOUND, {"input": change}))["changeCompound"]
    assert result["__typename"] == "VersionConflictError"
    assert result["currentVersion"] == 2
    assert result["code"] == "VERSION_CONFLICT"
    assert result["remedy"]


INVALID = {
    "no name": ({"name": ""}, "input.name"),
    "an unknown country": ({"country": "XX"}, "input.country"),
    "a negative capacity": ({"capacity": -1}, "input.capacity"),
    "a name too long": ({"name": "x" * 201}, "input.name"),
    "an owner that is not there": ({"ownerId": "XQ-NCB"}, None),
}


@pytest.mark.parametrize("name", INVALID)
async def test_invalid_values_are_refused_by_name(api, world, name):
    """Each wrong value is named by its place in the input, with a remedy, and nothing is stored."""
    more, field = INVALID[name]
    before = await _count(world)
    response = (await api().post(CREATE_COMPOUND, {"input": SITE | more})).json()
    if "errors" in response:
        assert field is not None
        assert field.split(".")[1] in response["errors"][0]["message"]
    else:
        result = response["data"]["createCompound"]
        assert result["__typename"] in ("InvalidInput", "NotFoundError", "ForbiddenError")
        assert field is None or result["field"] == field
        assert result["remedy"]
    assert await _count(world) == before


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ({"longitude": 11.6, "latitude": 104.9}, "swapped"),
        ({"longitude": 200, "latitude": 0}, "longitude"),
        ({"longitude": 1}, "latitude"),
    ],
)
async def test_a_wrong_point_is_refused_with_words(api, world, location, words):
    """Coordinates out of range, swapped or incomplete are refused before anything is done."""
    errors = await api().errors(CREATE_COMPOUND, {"input": SITE | {"location": location}})
    assert words in errors[0]["message"] + errors[0]["extensions"]["remedy"]
    assert await _count(world) == 0


async def test_all_problems_of_an_input_are_told_at_once(api, world):
    """Several wrong values give one refusal that lists them all, placed as the caller wrote them."""
    result = (await api().data(CREATE_COMPOUND, {"input": SITE | {"capacity": -1, "name": "x" * 300}}))[
        "createCompound"
    ]
    assert {problem["field"] for problem in result["problems"]} == {"input.capacity", "input.name"}


async def test_a_duration_is_named_without_its_unit_in_refusals_too(api, world):
    """A value out of range is placed under the name that the caller knows."""
    data = await api().data(
        f"mutation ($input: CreateUnitInput!) {{ createUnit(input: $input) {{ {REFUSAL} }} }}",
        {
            "input": {
                "name": "EXERCISE T1",
                "kind": "TACTICAL",
                "type": 1,
                "agencyId": OWN,
                "home": {"longitude": 1, "latitude": 2},
                "maxDuty": "PT1M",
            }
        },
    )
    assert data["createUnit"]["field"] == "input.maxDuty"
    assert "input.maxDuty" in data["createUnit"]["message"]


async def test_an_unknown_or_foreign_kind_of_id_is_refused(api, world):
    """An id that is nobody's, and one of another kind of record, are not found; nothing tells which."""
    for record_id in ("compound_00000000000000000000000000", agency_id(OWN), "nonsense", "", "x" * 10_000):
        change = {"id": record_id, "expectedVersion": 1, "capacity": 1}
        result = (await api().data(CHANGE_COMPOUND, {"input": change}))["changeCompound"]
        assert result["__typename"] in ("NotFoundError", "InvalidInput"), record_id[:40]


async def test_retired_records_are_out_of_force_and_can_be_restored(api, world):
    """Retiring needs a reason, keeps the record readable, and can be taken back."""
    made = await _created(api)
    retire = f"""mutation ($input: RetireCompoundInput!) {{ retireCompound(input: $input) {{
        ... on Compound {{ id version retiredAt }} {REFUSAL} }} }}"""
    given = {"id": made["id"], "expectedVersion": 1}
    result = (await api().data(retire, {"input": given | {"reason": "  "}}))["retireCompound"]
    assert result["field"] == "input.reason"
    result = (await api().data(retire, {"input": given | {"reason": "EXERCISE entered twice"}}))["retireCompound"]
    assert result["version"] == 2
    assert result["retiredAt"].endswith("Z")
    assert (await api().data("{ compounds { totalCount } }"))["compounds"]["totalCount"] == 0
    restore = f"""mutation ($input: RestoreCompoundInput!) {{ restoreCompound(input: $input) {{
        ... on Compound {{ version retiredAt }} {REFUSAL} }} }}"""
    given = {"id": made["id"], "expectedVersion": 2, "reason": "EXERCISE it was another"}
    assert (await api().data(restore, {"input": given}))["restoreCompound"] == {"version": 3, "retiredAt": None}


async def test_a_record_that_others_need_is_not_retired(api, world):
    """A compound that an estimate cannot be without stays, and the refusal names what requires it."""
    made = await _created(api)
    estimate = {
        "low": 1,
        "likely": 2,
        "high": 3,
        "asOf": "2026-11-01T00:00:00Z",
        "compoundId": made["id"],
        "nationality": "VN",
    }
    data = await api().data(
        f"""mutation ($input: CreateVictimEstimateInput!) {{ createVictimEstimate(input: $input) {{
            ... on VictimEstimate {{ id }} {REFUSAL} }} }}""",
        {"input": estimate},
    )
    result = (
        await api().data(
            f"""mutation ($input: RetireCompoundInput!) {{ retireCompound(input: $input) {{
            ... on RecordInUseError {{ requiredBy requiredByCount }} {REFUSAL} }} }}""",
            {"input": {"id": made["id"], "expectedVersion": 1, "reason": "EXERCISE"}},
        )
    )["retireCompound"]
    assert result["code"] == "RECORD_IN_USE"
    assert result["requiredBy"] == [data["createVictimEstimate"]["id"]]


async def test_the_same_external_id_twice_is_refused_within_an_agency_only(api, world):
    """(agency, external id) is unique; another agency may use the same."""
    assert (await _created(api, externalId="C-1"))["id"]
    again = (await api().data(CREATE_COMPOUND, {"input": SITE | {"externalId": "C-1"}}))["createCompound"]
    assert again["__typename"] == "ConflictError"
    other = (await api(OTHER).data(CREATE_COMPOUND, {"input": SITE | {"externalId": "C-1"}}))["createCompound"]
    assert other["id"]


@pytest.mark.requirement("G3")
async def test_a_repeated_request_has_one_effect_and_gives_the_record_again(api, world):
    """With an idempotency key a replay changes nothing and gives the first record; raced replays too."""
    key = str(uuid.uuid4())
    answers = await asyncio.gather(*(api().data(CREATE_COMPOUND, {"input": SITE, "key": key}) for _ in range(8)))
    assert len({answer["createCompound"]["id"] for answer in answers}) == 1
    assert await _count(world) == 1
    assert (await world.read_rows("MATCH (c:Commit) WHERE c.request_id <> 'test-world' RETURN count(c)"))[0][0] == 1


@pytest.mark.requirement("G3")
async def test_a_key_with_other_arguments_is_refused_and_callers_do_not_share_keys(api, world):
    """The key stands for one request of one caller: other arguments are refused, another agency's use is its own."""
    key = str(uuid.uuid4())
    await api().data(CREATE_COMPOUND, {"input": SITE, "key": key})
    other = (await api().data(CREATE_COMPOUND, {"input": SITE | {"capacity": 7}, "key": key}))["createCompound"]
    assert other["__typename"] == "IdempotencyConflictError"
    abroad = (await api(OTHER).data(CREATE_COMPOUND, {"input": SITE, "key": key}))["createCompound"]
    assert abroad["owner"]["code"] == OTHER
    assert await _count(world) == 2


@pytest.mark.parametrize("key", ["short", "with a blank in it", "x" * 201, "käse-käse"])
async def test_a_key_that_is_no_key_is_refused(api, world, key):
    """Keys are 8 to 200 printable characters, so that nobody uses an empty or an endless one by accident."""
    result = (await api().data(CREATE_COMPOUND, {"input": SITE, "key": key}))["createCompound"]
    assert (result["__typename"], result["field"]) == ("InvalidInput", "idempotencyKey")
    assert await _count(world) == 0


async def test_a_refused_request_may_be_mended_under_the_same_key(api, world):
    """A refusal uses no key up."""
    key = str(uuid.uuid4())
    await api().data(CREATE_COMPOUND, {"input": SITE | {"capacity": -1}, "key": key})
    made = (await api().data(CREATE_COMPOUND, {"input": SITE, "key": key}))["createCompound"]
    assert made["id"]


async def test_only_an_administrator_names_another_owner(api, world):
    """A planner's record belongs to the own agency; an administrator may enter for any."""
    refused = (await api().data(CREATE_COMPOUND, {"input": SITE | {"ownerId": OTHER}}))["createCompound"]
    assert refused["__typename"] == "ForbiddenError"
    made = (await api(OWN, Role.ADMINISTRATOR).data(CREATE_COMPOUND, {"input": SITE | {"ownerId": OTHER}}))[
        "createCompound"
    ]
    assert made["owner"]["code"] == OTHER


OPERATION = {
    "codeName": "EXERCISE Lantern",
    "hHour": "2026-12-01T04:00:00Z",
    "start": "2026-12-01T00:00:00Z",
    "end": "2026-12-07T00:00:00Z",
}
CREATE_OPERATION = f"""mutation ($input: CreateOperationInput!) {{ createOperation(input: $input) {{
    ... on Operation {{ id version state coordinators {{ nodes {{ code }} }} }} {REFUSAL} }} }}"""
CREATE_ACTION = f"""mutation ($input: CreateActionInput!) {{ createAction(input: $input) {{
    ... on Action {{ id version state operation {{ codeName }} }} {REFUSAL} }} }}"""
STEP = f"""mutation ($input: TransitionActionInput!) {{ transitionAction(input: $input) {{
    ... on Action {{ id version state }} {REFUSAL} }} }}"""


async def _action(api, code=OWN, **more):
    operation = (await api().data(CREATE_OPERATION, {"input": OPERATION | more}))["createOperation"]
    given = {
        "name": "EXERCISE Raid",
        "kind": "RAID",
        "windowStart": "2026-12-01T04:00:00Z",
        "windowEnd": "2026-12-01T16:00:00Z",
        "operationId": operation["id"],
        "location": {"longitude": 104.9, "latitude": 11.6},
    }
    return (await api(code).data(CREATE_ACTION, {"input": given}))["createAction"]


async def test_an_action_goes_through_its_states_and_no_other_way(api, world):
    """Each step follows the table, with a reason; an illegal one is refused and names those that are allowed."""
    action = await _action(api)
    assert action["state"] == "DRAFT"
    given = {"id": action["id"], "expectedVersion": 1, "to": "ACTIVATED", "reason": "EXERCISE too early"}
    refused = (await api().data(STEP, {"input": given}))["transitionAction"]
    assert refused["__typename"] == "StateConflictError"
    assert "COORDINATED" in refused["message"]
    for version, to in enumerate(("COORDINATED", "NOTIFIED", "ACTIVATED"), start=1):
        given = {"id": action["id"], "expectedVersion": version, "to": to, "reason": "EXERCISE in order"}
        assert (await api().data(STEP, {"input": given}))["transitionAction"]["state"] == to
    kinds = await world.read_rows(
        "MATCH (c:Change {record_id: $id, kind: 'STATE'}) RETURN c.after ORDER BY c.after", {"id": action["id"]}
    )
    assert len(kinds) == 3


async def test_only_coordinators_add_actions_to_an_operation(api, world):
    """Another agency's action is taken into an operation only once its owner has made that agency a coordinator."""
    assert (await _action(api, OTHER))["__typename"] == "ForbiddenError"
    action = await _action(api, OTHER, coordinatorIds=[OTHER])
    assert action["state"] == "DRAFT"


@pytest.mark.parametrize(
    ("code", "over", "allowed"),
    [(OWN, "KH", True), (OWN, "TH", False), (OTHER, "TH", True), (ABROAD, "KH", False)],
)
async def test_jurisdiction_over_a_country_is_granted_by_its_own_agencies_only(api, world, code, over, allowed):
    """Only an agency with territorial jurisdiction in a country may grant jurisdiction over it."""
    data = await api(code).data(
        f"""mutation ($input: CreateJurisdictionInput!) {{ createJurisdiction(input: $input) {{
            ... on Jurisdiction {{ id over {{ ... on Country {{ code }} }} agency {{ code }} }} {REFUSAL} }} }}""",
        {
            "input": {
                "basis": "CONSENT",
                "instrument": "EXERCISE agreement",
                "start": "2026-11-01T00:00:00Z",
                "agencyId": ABROAD,
                "overId": over,
            }
        },
    )
    result = data["createJurisdiction"]
    if allowed:
        assert result["over"] == {"code": over}
    else:
        assert result["__typename"] == "ForbiddenError"
        assert await _count(world, "Jurisdiction") == 0


CREATE_TARGET = f"""mutation ($input: CreateTargetInput!) {{ createTarget(input: $input) {{
    ... on Target {{ id version }} {REFUSAL} }} }}"""
TARGET = """query ($id: ID!) { target(id: $id, includeRetired: true) {
    version name aliases retiredAt mergedInto { id } identifiers { nodes { value } } } }"""
MERGE = f"""mutation ($input: MergeTargetsInput!) {{ mergeTargets(input: $input) {{
    ... on Target {{ id aliases identifiers {{ nodes {{ value }} }} }} {REFUSAL} }} }}"""


async def _two_targets(api):
    made = []
    for name, phone in (("EXERCISE Quill Marrow", "+10000001"), ("EXERCISE Q. Marrow", "+10000002")):
        target = (await api().data(CREATE_TARGET, {"input": {"kind": "PERSON", "name": name}}))["createTarget"]
        await api(OTHER).data(
            f"""mutation ($input: CreateIdentifierInput!) {{ createIdentifier(input: $input) {{
                ... on Identifier {{ id }} {REFUSAL} }} }}""",
            {"input": {"scheme": "PHONE", "value": phone, "targetId": target["id"]}},
        )
        made.append(target["id"])
    return made


async def test_two_targets_become_one_and_can_be_told_apart_again(api, world):
    """A merger moves names and references to the target that stays; undoing it restores both as they were."""
    first, second = await _two_targets(api)
    merged = (
        await api().data(
            MERGE,
            {
                "input": {
                    "intoId": first,
                    "intoVersion": 1,
                    "mergedId": second,
                    "mergedVersion": 1,
                    "reason": "EXERCISE same man",
                }
            },
        )
    )["mergeTargets"]
    assert merged["id"] == first
    assert merged["aliases"] == ["EXERCISE Q. Marrow"]
    assert {each["value"] for each in merged["identifiers"]["nodes"]} == {"+10000001", "+10000002"}
    gone = (await api().data(TARGET, {"id": second}))["target"]
    assert gone["retiredAt"]
    assert gone["mergedInto"] == {"id": first}
    undone = (
        await api().data(
            f"""mutation ($input: UndoMergeTargetsInput!) {{ undoMergeTargets(input: $input) {{
                ... on Target {{ id }} {REFUSAL} }} }}""",
            {"input": {"mergedId": second, "mergedVersion": gone["version"], "reason": "EXERCISE brothers"}},
        )
    )["undoMergeTargets"]
    assert undone == {"id": second}
    for target, phone in ((first, "+10000001"), (second, "+10000002")):
        now = (await api().data(TARGET, {"id": target}))["target"]
        assert now["identifiers"]["nodes"] == [{"value": phone}]
        assert (now["aliases"], now["retiredAt"], now["mergedInto"]) == ([], None, None)


async def test_a_merger_takes_both_targets_from_their_owner(api, world):
    """Another agency's target cannot be merged, nor one into itself, nor with outdated versions; nothing moves."""
    first, second = await _two_targets(api)
    given = {"intoId": first, "intoVersion": 1, "mergedId": second, "mergedVersion": 1, "reason": "EXERCISE"}
    assert (await api(OTHER).data(MERGE, {"input": given}))["mergeTargets"]["__typename"] == "ForbiddenError"
    for wrong, kind in (({"mergedId": first}, "InvalidInput"), ({"mergedVersion": 9}, "VersionConflictError")):
        assert (await api().data(MERGE, {"input": given | wrong}))["mergeTargets"]["__typename"] == kind
    now = (await api().data(TARGET, {"id": first}))["target"]
    assert (now["version"], now["aliases"]) == (1, [])


async def test_mutations_of_one_request_are_done_one_after_the_other(api, world):
    """Two mutations in one operation run in their order, each in its own transaction, each with its own refusal."""
    made = await _created(api)
    data = await api().data(
        f"""mutation ($id: ID!) {{
          one: changeCompound(input: {{id: $id, expectedVersion: 1, capacity: 1}}) {{ ...C }}
          two: changeCompound(input: {{id: $id, expectedVersion: 2, capacity: 2}}) {{ ...C }}
          late: changeCompound(input: {{id: $id, expectedVersion: 2, capacity: 3}}) {{ ...C {REFUSAL} }}
        }}
        fragment C on Compound {{ version }}""",
        {"id": made["id"]},
    )
    assert (data["one"], data["two"]) == ({"version": 2}, {"version": 3})
    assert data["late"]["__typename"] == "VersionConflictError"


TIMES = {"start": "2026-12-01T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
UNIT = {"name": "EXERCISE T1", "type": 1, "agencyId": OWN, "home": {"longitude": 104.9, "latitude": 11.6}}
WRONG = {
    "end before start": ("Operation", OPERATION | {"end": "2026-11-01T00:00:00Z"}, "InvalidInput", "end"),
    "an instant without a zone": ("Operation", OPERATION | {"start": "2026-12-01T00:00:00"}, None, "zone"),
    "no instant": ("Operation", OPERATION | {"start": "tomorrow"}, None, "tomorrow"),
    "a unit of unknown kind": ("Unit", UNIT | {"kind": "DRAGONS"}, None, "DRAGONS"),
    "a type out of range": ("Unit", UNIT | {"kind": "TACTICAL", "type": 9}, "InvalidInput", "type"),
    "an unknown language": ("Unit", UNIT | {"kind": "TACTICAL", "languages": ["xx-yy"]}, None, "xx-yy"),
    "an unknown member": ("Unit", UNIT | {"kind": "TACTICAL", "colour": "red"}, None, "colour"),
    "a wrong duration": ("Unit", UNIT | {"kind": "TACTICAL", "maxDuty": "12"}, None, "duration"),
    "a reference to another kind": (
        "Unit",
        UNIT | {"kind": "TACTICAL", "agencyId": "country_kh"},
        "InvalidInput",
        "agencyId",
    ),
    "a lone surrogate": ("Compound", SITE | {"name": "\ud800"}, None, None),
}


@pytest.mark.parametrize("name", WRONG)
async def test_bad_values_of_every_kind_are_refused_in_words(api, world, name):
    """Times, codes, kinds, ranges and references that are wrong: a clear refusal, and nothing is stored."""
    noun, given, kind, words = WRONG[name]
    document = f"""mutation ($input: Create{noun}Input!) {{ create{noun}(input: $input) {{
        ... on {noun} {{ id }} {REFUSAL} }} }}"""
    # Written by hand: a client's library would refuse to send some of it.
    body = json.dumps({"query": document, "variables": {"input": given}}).encode()
    caller = api()
    headers = {"authorization": f"Bearer {caller.token}", "content-type": "application/json"}
    content = (await caller.client.post("/graphql", content=body, headers=headers)).json()
    if kind is None:
        assert content["errors"][0]["extensions"]["code"] in ("BAD_QUERY", "BAD_REQUEST")
        assert words is None or words in content["errors"][0]["message"]
    else:
        result = content["data"][f"create{noun}"]
        assert result["__typename"] == kind
        assert words in result["field"]
    assert await _count(world, noun) == 0


async def test_actions_that_wait_for_each_other_in_a_circle_are_refused(api, world):
    """A precedence that closes a circle is refused, whoever entered the others."""
    first = await _action(api)
    operation = (await world.read_rows("MATCH (o:Operation) RETURN o.id"))[0][0]
    given = {
        "name": "EXERCISE Search",
        "kind": "SEARCH",
        "windowStart": "2026-12-01T04:00:00Z",
        "windowEnd": "2026-12-01T16:00:00Z",
        "operationId": operation,
        "location": SITE["location"],
    }
    second = (await api().data(CREATE_ACTION, {"input": given}))["createAction"]
    document = f"""mutation ($input: CreatePrecedenceInput!) {{ createPrecedence(input: $input) {{
        ... on Precedence {{ id }} {REFUSAL} }} }}"""
    forth = {"beforeId": first["id"], "afterId": second["id"]}
    assert (await api().data(document, {"input": forth}))["createPrecedence"]["id"]
    for back in ({"beforeId": second["id"], "afterId": first["id"]}, {"beforeId": first["id"], "afterId": first["id"]}):
        result = (await api().data(document, {"input": back}))["createPrecedence"]
        assert result["__typename"] in ("InvalidInput", "ConflictError"), result
    assert await _count(world, "Precedence") == 1
