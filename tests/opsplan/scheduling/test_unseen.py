"""D5 over the whole schema: to who takes no part, an operation that is not OPEN is no operation.

Every root field that takes an id is asked with ids of hidden records and with ids that name nothing, by somebody of
another agency who holds every role; the answers are the same, byte for byte. Fields are found in the schema and their
arguments made from their types, so that a new one is asked without a change here.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from opsplan.demo.client import Client, Refused
from opsplan.operations.states import ParticipantState
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.ids import mint, prefix_of
from tests.opsplan.scheduling.hidden import Hidden, hidden_operation
from tests.opsplan.scheduling.running import Running
from tests.opsplan.scheduling.theatre import Theatre

SDL = "graph_schema/public.graphql"
_PLAIN = {
    "String": "a text",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "DateTime": "2026-11-20T10:00:00Z",
    "Duration": "PT1H",
    "LocalTime": "08:00",
    "TimeZone": "Asia/Phnom_Penh",
    "CountryCode": "KH",
    "LanguageCode": "km",
    "GeoPoint": {"longitude": 104.9, "latitude": 11.6},
    "JSON": {},
}
_REFERENCE = ("countries", "cities", "airports")
_PASSING = re.compile(r'"remaining":\d+,"resetSeconds":\d+|now, [-0-9T:.]+Z')
"""What is other in the next answer in any case: the caller's budget, the time."""
_MINTED = re.compile(r"\b[a-z]+(?:_[a-z]+)*_[0-9a-z]{26}\b")

MakeId = Callable[[str], str]
"""Gives the id of a record of a noun."""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The published schema."""
    with open(SDL, encoding="utf-8") as file:
        return build_schema(file.read())


@pytest.fixture
async def hidden(theatre: Theatre) -> Hidden:
    """A SILENT operation of agency A's in a world of its own; B takes no part in it."""
    await theatre.change("Operation", theatre.operation, sensitivity="SILENT")
    return await hidden_operation(theatre)


class Asking:
    """Makes an operation of a root field, with ids wherever its arguments take one."""

    def __init__(self, schema: GraphQLSchema, nouns: dict[str, str]) -> None:
        self._schema = schema
        self._nouns = {prefix_of(noun): noun for noun in nouns}

    def operation(
        self, kind: str, name: str, field: GraphQLField, make_id: MakeId
    ) -> tuple[str, dict[str, Any]] | None:
        """Give text and variables; None where it takes no id."""
        asked: list[str] = []

        def noted(noun: str) -> str:
            asked.append(noun)
            return make_id(noun)

        about = name
        variables = {
            each: self._value(argument.type, each, about, noted)
            for each, argument in field.args.items()
            # What filters hold is drawn at random in the worlds of `test_readership`.
            if each != "where" and (is_non_null_type(argument.type) or self._takes_id(argument.type, set()))
        }
        if not asked:
            return None
        declared = ", ".join(f"${each}: {field.args[each].type}" for each in variables)
        given = ", ".join(f"{each}: ${each}" for each in variables)
        return f"{kind} ({declared}) {{ {name}({given}) {self._selection(field)} }}", variables

    def _value(self, kind: Any, name: str, about: str, make_id: MakeId) -> Any:
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return [self._value(kind.of_type, name, about, make_id)]
        if is_enum_type(kind):
            return next(iter(kind.values))
        if is_input_object_type(kind):
            return self._members(kind, about, make_id)
        if kind.name == "ID":
            return make_id(self._noun(name, about))
        return _PLAIN[kind.name]

    def _members(self, kind: GraphQLInputObjectType, about: str, make_id: MakeId) -> dict[str, Any]:
        taken = {
            name: field
            for name, field in kind.fields.items()
            if is_non_null_type(field.type) or self._takes_id(field.type, set())
        }
        if kind.is_one_of:
            taken = dict(list(taken.items())[:1])
        return {name: self._value(field.type, name, about, make_id) for name, field in taken.items()}

    def _takes_id(self, kind: Any, seen: set[str]) -> bool:
        named = get_named_type(kind)
        if named.name == "ID":
            return True
        if not isinstance(named, GraphQLInputObjectType) or named.name in seen:
            return False
        return any(self._takes_id(field.type, seen | {named.name}) for field in named.fields.values())

    def _noun(self, name: str, about: str) -> str:
        """Guess of what an id is: by the name of the argument, else by that of the field."""
        snake = prefix_of(name.removesuffix("Ids").removesuffix("Id"))
        for words in (snake, snake.rpartition("_")[2], prefix_of(about)):
            for prefix, noun in sorted(self._nouns.items(), key=lambda one: -len(one[0])):
                if words == prefix or words.endswith((f"_{prefix}", f"_{prefix}s")):
                    return noun
        return "Operation"

    def _selection(self, field: GraphQLField) -> str:
        named = get_named_type(field.type)
        if is_object_type(named) or not hasattr(named, "types"):
            return "{ __typename }"
        return (
            "{ __typename ... on Refusal { code message field value remedy retryable facts { __typename } } "
            "... on InvalidInput { problems { field value message remedy } } "
            "... on RecordInUseError { requiredBy requiredByCount } }"
        )


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    for name, field in schema.query_type.fields.items():
        yield "query", name, field
    for name, field in schema.mutation_type.fields.items():
        yield "mutation", name, field


def _masked(text: str, given: set[str]) -> str:
    """An answer without the ids that were given in it, those that were made for it, and what passes."""
    text = _PASSING.sub("", text)
    for each in given:
        text = text.replace(each, "(given)")
    return _MINTED.sub("(made)", text)


@pytest.mark.requirement("D5")
async def test_no_field_tells_a_hidden_record_from_none(
    hidden: Hidden, service: Running, schema: GraphQLSchema
) -> None:
    """Of every query and mutation that takes ids, the answer over hidden records is that over no records at all."""
    asking = Asking(schema, hidden.ids)
    nobodys = {noun: mint(noun) for noun in hidden.ids}
    told, asked = [], 0
    token = service.token(hidden.theatre, "B", *Role)
    async with httpx.AsyncClient(base_url=service.url, timeout=60, trust_env=False) as client:
        for kind, name, field in _fields(schema):
            answers = []
            for ids in (hidden.ids, nobodys):
                given: set[str] = set()

                def noted(noun: str, ids: dict[str, str] = ids, given: set[str] = given) -> str:
                    given.add(ids[noun])
                    return ids[noun]

                made = asking.operation(kind, name, field, noted)
                if made is None:
                    break
                text, variables = made
                answer = await client.post(
                    "/graphql",
                    json={"query": text, "variables": variables},
                    headers={"authorization": f"Bearer {token}"},
                )
                assert "INTERNAL" not in answer.text, answer.text
                assert "BAD_QUERY" not in answer.text, f"{text}\n{answer.text}"
                answers.append(_masked(answer.text, given))
            if answers:
                asked += 1
            if len(set(answers)) > 1:
                told.append(f"{name}: {answers[0]}\n  but without: {answers[1]}")
    assert not told, "\n".join(told)
    assert asked > 120


@pytest.mark.requirement("D5")
async def test_no_list_holds_what_is_hidden(hidden: Hidden, service: Running, schema: GraphQLSchema) -> None:
    """Lists, counts, node look-ups and downloads of who takes no part have nothing of it; its owner has all."""
    assert schema.query_type is not None
    lists = [
        name
        for name, field in schema.query_type.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    ]
    seen: dict[str, set[str]] = {}
    for agency in "AB":
        async with service.client(hidden.theatre, agency, *Role) as client:
            seen[agency] = set()
            for name in lists:
                retired = "" if name in _REFERENCE else ", includeRetired: true"
                first = f"query ($after: String) {{ {name}(first: 100, after: $after{retired}) "
                page = "{ nodes { id } pageInfo { hasNextPage endCursor } } }"
                seen[agency] |= {each["id"] async for each in client.pages(first + page)}
            for noun, record_id in hidden.ids.items():
                field = noun[:1].lower() + noun[1:]
                one = f"query ($id: ID!) {{ {field}(id: $id, includeRetired: true) {{ id }} node(id: $id) {{ id }} }}"
                answer = await client.ask(one, id=record_id)
                there = {"id": record_id} if agency == "A" else None
                assert answer == {field: there, "node": there}
    assert hidden.all_ids <= seen["A"]
    assert not hidden.all_ids & seen["B"]
    async with httpx.AsyncClient(base_url=service.url, trust_env=False) as client:
        for run in (hidden.ids["ScheduleRun"], mint("ScheduleRun")):
            for path in (f"/runs/{run}", f"/runs/{run}/problem.json"):
                token = service.token(hidden.theatre, "B", *Role)
                answer = await client.get(path, headers={"authorization": f"Bearer {token}"})
                assert answer.status_code == 404
                assert _masked(answer.text, {run}) == _masked(answer.text, set()).replace("(made)", "(given)")
        own = service.token(hidden.theatre, "A")
        answer = await client.get(f"/runs/{hidden.ids['ScheduleRun']}", headers={"authorization": f"Bearer {own}"})
        assert answer.status_code == 200


CHANGES = "query ($after: String) { changes(after: $after, first: 1000) { hasMore endCursor changes { recordId } } }"
FOLLOW = "subscription ($nouns: [RecordNoun!]) { recordChanged(nouns: $nouns) { recordId } }"
OF_OPERATION = "subscription ($id: ID!) { operationChanged(operationId: $id) { recordId } }"


@asynccontextmanager
async def _listening(client: Client, document: str, **variables: Any) -> AsyncIterator[list[str]]:
    """Follow a subscription in the background; gives the ids of the records that it has told of so far."""
    heard: list[str] = []

    async def follow() -> None:
        async for event in client.follow(document, variables):
            heard.append(next(iter(event.values()))["recordId"])  # noqa: PERF401 - others look on meanwhile

    following = asyncio.create_task(follow())
    try:
        yield heard
    finally:
        following.cancel()


async def _until(heard: list[str], record_id: str, change: Callable[[int], Awaitable[Any]]) -> None:
    """Change something again and again until the listener has heard of a record."""
    already = heard.count(record_id)
    async with asyncio.timeout(30):
        for number in range(1, 300):
            if heard.count(record_id) > already:
                return
            await change(number)
            await asyncio.sleep(0.1)


@pytest.mark.requirement("D5")
async def test_what_happens_to_the_hidden_is_told_to_nobody_else(theatre: Theatre, service: Running) -> None:
    """Neither the feed nor a subscription tells an outsider that anything happened; the feed's page is as short as if
    nothing had, and a subscription to the operation is refused as to one that there is none."""
    await theatre.change("Operation", theatre.operation, sensitivity="POINTER")
    compound = await theatre.world.compound(name="First Court")
    async with service.client(theatre, "B", *Role) as outsider, service.client(theatre, "A") as owner:
        clients = {"B": outsider, "A": owner}
        begun = {name: (await each.ask(CHANGES))["changes"]["endCursor"] for name, each in clients.items()}
        async with _listening(outsider, FOLLOW, nouns=["Action", "Compound"]) as heard:

            async def rename(number: int) -> None:
                await theatre.change("Compound", compound, name=f"Court {number}")

            await _until(heard, compound, rename)
            action = await theatre.staffed_raid("Quiet raid")
            await _until(heard, compound, rename)
            assert set(heard) == {compound}
        page = (await outsider.ask(CHANGES, after=begun["B"]))["changes"]
        mine = (await owner.ask(CHANGES, after=begun["A"]))["changes"]
        assert {each["recordId"] for each in mine["changes"]} > {compound, action}
        assert {each["recordId"] for each in page["changes"]} == {compound}
        assert page["hasMore"] is False
        said = []
        for operation in (theatre.operation, mint("Operation")):
            with pytest.raises(Refused) as refused:
                await anext(outsider.follow(OF_OPERATION, {"id": operation}))
            said.append(str(refused.value).replace(operation, "(given)"))
        assert said[0] == said[1]


@pytest.mark.requirement("D5")
async def test_whoever_is_let_in_reads_and_whoever_leaves_reads_no_more(theatre: Theatre, service: Running) -> None:
    """An agency that is invited reads the operation from then on; once it has withdrawn, it still reads the operation's
    head and its own part, and hears of nothing else."""
    await theatre.change("Operation", theatre.operation, sensitivity="SILENT")
    action = await theatre.raid()
    one = "query ($id: ID!, $action: ID!) { operation(id: $id) { codeName actions { totalCount } "
    one += "participants { totalCount nodes { state operation { id } } } } action(id: $action) { id } }"
    asked = {"id": theatre.operation, "action": action}
    async with service.client(theatre, "B", *Role) as guest:
        assert await guest.ask(one, **asked) == {"operation": None, "action": None}
        participant = await theatre.guest()
        answer = await guest.ask(one, **asked)
        assert answer["action"] == {"id": action}
        assert answer["operation"]["participants"]["totalCount"] == 3
        await theatre.reply(participant, ParticipantState.ACCEPTED)
        async with _listening(guest, OF_OPERATION, id=theatre.operation) as heard:
            await _until(heard, action, lambda number: theatre.change("Action", action, priority=number))
            await theatre.reply(participant, ParticipantState.WITHDRAWN)
            await theatre.change("Action", action, priority=999)
            before = len(heard)
            await _until(
                heard,
                theatre.operation,
                lambda number: theatre.change("Operation", theatre.operation, code_name=f"Lantern {number}"),
            )
            assert heard[before:].count(action) <= 1, "what was on its way when it left, and no more"
            assert action not in heard[heard.index(participant) :]
        answer = await guest.ask(one, **asked)
        assert answer["action"] is None
        assert answer["operation"]["actions"] == {"totalCount": 0}
        assert answer["operation"]["participants"]["totalCount"] == 1
        (own,) = answer["operation"]["participants"]["nodes"]
        assert own == {"state": "WITHDRAWN", "operation": {"id": theatre.operation}}


@pytest.mark.requirement("D5")
async def test_an_agencys_own_name_for_its_work_finds_nothing(theatre: Theatre, service: Running) -> None:
    """Whoever guesses how another agency calls an operation gets the answer of a wrong guess."""
    await theatre.change("Operation", theatre.operation, sensitivity="SILENT")
    action = await theatre.raid(external_id="Q-17")
    create = (
        "mutation ($input: CreateWarrantInput!) { createWarrant(input: $input) { __typename "
        "... on Refusal { code message field value remedy } ... on Warrant { id } } }"
    )
    frame = {"reference": "12/2026", "start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z"}
    async with service.client(theatre, "B", *Role) as outsider:
        said = []
        for name in ("Q-17", "Q-99"):
            reference = f"A-{theatre.world.tag}/{name}"
            answer = await outsider.ask(create, input={**frame, "actionId": reference})
            said.append(json.dumps(answer).replace(name, "(given)"))
        assert said[0] == said[1]
        assert "NotFoundError" in said[0] or "InvalidInput" in said[0]
    assert action


@pytest.mark.requirement("G3")
async def test_a_request_sent_again_is_the_same_request(theatre: Theatre, service: Running) -> None:
    """Of two comments one is about something hidden, and refused as about nothing; sent again with its key, the request
    gets its first answer, and nothing is entered twice."""
    await theatre.change("Operation", theatre.operation, sensitivity="SILENT")
    action, compound = await theatre.raid(), await theatre.world.compound()
    say = (
        "mutation ($input: UpsertCommentsInput!, $key: String) { upsertComments(input: $input, idempotencyKey: $key) "
        "{ __typename ... on CommentsUpserted { comments { id } items { outcome recordId refusal { code message } } } "
        "... on Refusal { code message } } }"
    )
    items = [
        {"externalId": f"C-{number}", "body": "The gate is open.", "aboutId": about}
        for number, about in enumerate((compound, action))
    ]
    async with service.client(theatre, "B", *Role) as outsider:
        given = {"input": {"items": items, "mode": "PARTIAL"}, "key": f"again-{theatre.world.tag}"}
        first = await outsider.ask(say, **given)
        assert first == await outsider.ask(say, **given)
        done, refused = first["upsertComments"]["items"]
        assert (done["outcome"], refused["recordId"]) == ("CREATED", None)
        assert action in refused["refusal"]["message"], "the caller finds the id that it gave"
        found = await outsider.ask("query ($id: ID!) { compound(id: $id) { comments { totalCount } } }", id=compound)
        assert found["compound"]["comments"]["totalCount"] == 1
