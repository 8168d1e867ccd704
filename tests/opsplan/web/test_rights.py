"""Rights, mutation by mutation: four callers each, and what they see and leave behind.

The cases are made from the schema, so that a new mutation without a case fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from opsplan.access.signer import Signer
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.reading.cursors import CursorKey
from opsplan.records.declaration import Noun
from opsplan.records.writing import write
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import system_clock
from opsplan.web.mutations.inputs import members_of
from opsplan.web.schema import build_schema
from tests.opsplan.web.conftest import ABROAD, ADMINISTRATOR, OTHER, OWN, agency_id, enter

SCHEMA = build_schema(CATALOGUE, CursorKey(b"x" * 32)).schema
STEPS = {"transitionAction": "COORDINATED", "transitionOperation": "READY", "transitionParticipant": "WITHDRAWN"}
VERBS = ("create", "change", "retire", "restore", "transition", "invite")
MERGERS = {
    f"{verb}{noun.plural}": (noun.name, verb)
    for noun in CATALOGUE
    for verb in ("merge", "undoMerge")
    if any(relation.name == "merged_into" for relation in noun.relations)
}
UPSERTS = {f"upsert{noun.plural}": noun.name for noun in CATALOGUE if noun.entered}
FOR_ADMINISTRATORS = (
    {"upsertAgencies"}
    | {f"upsert{noun.plural}" for noun in CATALOGUE if noun.enrolled}
    | {"createAgency", "retireAgency", "restoreAgency"}
    | {f"{verb}{noun.name}" for noun in CATALOGUE if noun.enrolled for verb in ("create", "change", "restore")}
)


@dataclass(frozen=True)
class Case:
    """One mutation: its field, its noun, its verb."""

    field: str
    noun: str
    verb: str


def _cases() -> Iterator[Case]:
    for field in SCHEMA.mutation_type.fields:
        if field in MERGERS:
            yield Case(field, *MERGERS[field])
            continue
        if field in UPSERTS:
            yield Case(field, UPSERTS[field], "upsert")
            continue
        verb = next(verb for verb in VERBS if field.startswith(verb))
        yield Case(field, field.removeprefix(verb), verb)


CASES = list(_cases())


def _sample(noun: Noun, ids: dict[str, list[str]]) -> dict[str, Any]:
    """Give a row of a noun from the examples of its declaration, referring to records of `ids`, each once."""
    row = {each.name: each.example for each in noun.entered_properties if each.required}
    for relation in noun.entered_relations:
        if relation.required:
            known = [each for target in relation.targets for each in ids.get(target, ()) if each not in row.values()]
            row[relation.name] = known[0] if known else relation.example
    if noun.name == "Agency":
        row["code"] = "NEW-NGO"
    return row


@pytest.fixture(scope="module")
async def records(settled: Graph) -> dict[str, list[str]]:
    """Enter two records of every noun for the own agency, and give their ids by noun."""
    ids = {"Agency": [agency_id(OWN)]}
    for noun in CATALOGUE.in_loading_order:
        if not noun.owns_itself:
            rows = [{**_sample(noun, ids), "owner": OWN, **await _around(settled, noun, ids)} for _ in range(2)]
            ids[noun.name] = await enter(settled, noun.name, rows)
    return ids


async def _around(graph: Graph, noun: Noun, records: dict[str, list[str]]) -> dict[str, Any]:
    """Give what a record needs for itself: an agency takes part in an operation once, a unit is offered once."""
    match noun.name:
        case "Participant":
            return {"operation": await _fresh(graph, CATALOGUE["Operation"], records)}
        case "Offer":
            return {"units": [await _fresh(graph, CATALOGUE["Unit"], records)]}
        case "ContactPoint":
            return {"phone": "+99912345678"}
        case "QuietHours":
            return {"country": "KH"}
        case "AgencyKey":
            # A key is registered once.
            return {"jwk": Signer().jwk}
    return {}


async def _fresh(graph: Graph, noun: Noun, records: dict[str, list[str]], **more: Any) -> str:
    row = {**_sample(noun, records), **await _around(graph, noun, records), **more}
    if not noun.owns_itself:
        row["owner"] = OWN
    elif "code" not in more:
        row["code"] = f"NEW-{(await graph.read_rows('MATCH (a:Agency) RETURN count(a)'))[0][0]}"
    return (await enter(graph, noun.name, [row]))[0]


async def _input(graph: Graph, case: Case, records: dict[str, list[str]]) -> dict[str, Any]:
    """Give an input that an entitled caller succeeds with."""
    noun = CATALOGUE[case.noun]
    if case.verb == "create":
        row = _sample(noun, records) | await _around(graph, noun, records)
        return _as_input(noun, row | ({} if noun.owns_itself else {"owner": OWN}))
    if case.verb == "upsert":
        row = _sample(noun, records) | await _around(graph, noun, records)
        item = _as_input(noun, row | ({"code": "UPS-NGO"} if noun.owns_itself else {"owner": OWN}))
        return {"items": [{**item, "externalId": f"EXERCISE {case.field}"}]}
    if case.verb == "invite":
        return _as_input(noun, _sample(noun, records) | {"agency": OTHER} | await _around(graph, noun, records))
    if case.verb == "merge":
        into, merged = [await _fresh(graph, noun, records) for _ in range(2)]
        return {"intoId": into, "intoVersion": 1, "mergedId": merged, "mergedVersion": 1, "reason": "EXERCISE"}
    if case.verb == "undoMerge":
        return await _merged(graph, noun, records)
    record_id = records["Agency"][0] if case.field == "changeAgency" else await _fresh(graph, noun, records)
    version = (await graph.read_rows("MATCH (n:Record {id: $id}) RETURN n.version", {"id": record_id}))[0][0]
    given = {"id": record_id, "expectedVersion": version}
    if case.verb == "change":
        return given | {"source": f"EXERCISE {version}"}
    if case.verb == "transition":
        return given | {"to": STEPS[case.field], "reason": "EXERCISE"}
    if case.verb == "restore":
        await graph.run_outside(
            "MATCH (n:Record {id: $id}) SET n.retired_at = n.created_at, n:Retired", {"id": record_id}
        )
    return given | {"reason": "EXERCISE"}


def _as_input(noun: Noun, row: dict[str, Any]) -> dict[str, Any]:
    names = {each.column: each.name for each in members_of(noun, changing=False)}
    return {names[column]: value for column, value in row.items()}


async def _merged(graph: Graph, noun: Noun, records: dict[str, list[str]]) -> dict[str, Any]:
    into, merged = [await _fresh(graph, noun, records) for _ in range(2)]
    await write(
        graph,
        ADMINISTRATOR,
        system_clock,
        lambda writing: writing.merge(noun, into, merged, reason="EXERCISE"),
        laws=LAWS,
        request_id="test-world",
    )
    version = (await graph.read_rows("MATCH (n:Record {id: $id}) RETURN n.version", {"id": merged}))[0][0]
    return {"mergedId": merged, "mergedVersion": version, "reason": "EXERCISE"}


def _document(case: Case) -> str:
    upserted = f"... on {CATALOGUE[case.noun].plural}Upserted {{ items {{ outcome refusal {{ code message }} }} }} "
    told = upserted if case.verb == "upsert" else f"... on {case.noun} {{ id source owner {{ name }} }} "
    kind = str(SCHEMA.mutation_type.fields[case.field].args["input"].type)
    return (
        f"mutation ($input: {kind}) {{ result: {case.field}(input: $input) {{ __typename "
        f"{told}... on Refusal {{ code message }} }} }}"
    )


async def _commits(graph: Graph) -> int:
    return int((await graph.read_rows("MATCH (s:CommitSequence) RETURN s.number"))[0][0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.field)
async def test_only_the_entitled_change_anything(case, http, api, settled, records):
    """No token, another agency, a reader: each is refused, gets no data, and changes nothing; then the entitled may."""
    given = {"input": await _input(settled, case, records)}
    document = _document(case)
    before = await _commits(settled)

    response = await http.post("/graphql", json={"query": document, "variables": given})
    assert response.status_code == 401
    assert "data" not in response.json()

    refused = [api(OWN, Role.READER), api(OTHER)]
    if case.field in FOR_ADMINISTRATORS:
        refused.append(api(OWN))
    if case.verb in ("transition", "invite"):
        refused.append(api(OWN, Role.PLANNER))
    for caller in refused:
        result = (await caller.data(document, given))["result"]
        if "items" in result:
            # It is refused by what it says of its owner, item by item.
            (item,) = result["items"]
            assert (item["outcome"], item["refusal"]["code"]) == ("REFUSED", "FORBIDDEN"), result
            continue
        assert result["__typename"] == "ForbiddenError", result
        assert result.keys() == {"__typename", "code", "message"}
    assert await _commits(settled) == before

    entitled = api(OWN, Role.ADMINISTRATOR) if case.field in FOR_ADMINISTRATORS else api(OWN)
    result = (await entitled.data(document, given))["result"]
    if case.verb == "upsert":
        assert [each["outcome"] for each in result["items"]] == ["CREATED"], result
    else:
        assert result["__typename"] == case.noun, result
    assert await _commits(settled) == before + 1


async def test_a_reader_reads_everything_and_changes_nothing(api, settled, records):
    """Reading is open to every token holder."""
    for code in (OWN, OTHER, ABROAD):
        data = await api(code, Role.READER).data("{ compounds { nodes { id name owner { code } } } }")
        assert data["compounds"]["nodes"]


def test_every_kind_of_record_that_users_enter_has_its_mutations():
    """Each entered noun can be created, changed, retired and restored."""
    fields = set(SCHEMA.mutation_type.fields)
    for noun in CATALOGUE:
        verbs = {f"{verb}{noun.name}" for verb in ("create", "change", "retire", "restore")} | {f"upsert{noun.plural}"}
        assert verbs <= fields if noun.entered else not verbs & fields


def test_every_mutation_takes_an_idempotency_key_and_describes_itself():
    """No mutation, argument, input member or payload goes without a description, nor without idempotency."""
    for name, field in SCHEMA.mutation_type.fields.items():
        assert field.description, name
        assert set(field.args) == {"input", "idempotencyKey"}, name
        assert all(argument.description for argument in field.args.values()), name
        members = field.args["input"].type.of_type.fields
        assert all(member.description for member in members.values()), name
