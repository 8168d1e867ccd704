"""Endpoints are told what happens: at once, in order, signed, nothing of what is hidden, whatever they answer."""

import asyncio
import time
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from opsplan.nouns import CATALOGUE
from opsplan.records.integrity.check_graph import check_graph
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.errors import NotFound, StateConflict
from opsplan.webhooks import service
from opsplan.webhooks.model import WebhookOutcome
from tests.opsplan.records.world import checked, noun
from tests.opsplan.webhooks import receiver as told
from tests.opsplan.webhooks.conftest import Opening, Told
from tests.opsplan.webhooks.receiver import Answer, Got, Receiver, until


async def test_a_commit_is_told_at_once_and_signed(telling: Opening, receiver: Receiver, path: str) -> None:
    """Within a second: ids, noun, kind and when, no content; the specification's own library verifies it."""
    async with telling() as office:
        endpoint_id, secret = await office.active(receiver.url(path))
        # The server plans each statement anew in the beginning.
        for count in range(1, 4):
            await office.world.compound()
            await receiver.hears(path, count)
        compound = await office.world.compound(name="EXERCISE Heron Yard")
        committed = time.time()
        got = (await receiver.hears(path, 4))[3]
        assert got.at_s - committed < 1.0
        message = Webhook(secret).verify(got.body, got.headers)
        assert message["type"] == "records.changed"
        assert message["data"]["endpointId"] == endpoint_id
        assert message["data"]["sequence"] == 4
        (change,) = message["data"]["changes"]
        assert (change["recordId"], change["noun"], change["kind"]) == (compound, "Compound", "CREATED")
        assert set(change) == {"recordId", "noun", "kind", "at"}
        assert b"Heron" not in got.body
        delivery = (await _settled(office, endpoint_id, 4))[-1]
        assert delivery["id"] == got.headers["webhook-id"]
        assert (delivery["state"], delivery["attempts"], delivery["status_code"]) == ("DELIVERED", 1, 200)


async def test_everything_is_told_once_and_in_order(telling: Opening, receiver: Receiver, path: str) -> None:
    """Small commits and one of more records than a message holds: each change once, in their order."""
    async with telling() as office:
        await office.active(receiver.url(path))
        made = [await office.world.compound() for _ in range(10)]
        rows = [{"name": f"EXERCISE {each}", "location": (104.9, 11.5)} for each in range(250)]
        many = [checked("Compound", **row) for row in rows]
        made += await office.world.write(lambda writing: writing.create(noun("Compound"), many))
        made += [await office.world.compound() for _ in range(10)]
        await receiver.hears_of(path, made)
        got = receiver.at(path)
        assert [each for one in got for each in one.record_ids] == made
        assert [each.message["data"]["sequence"] for each in got] == list(range(1, len(got) + 1))
        assert max(len(each.body) for each in got) < 20_000


async def test_only_the_nouns_that_it_wants_are_told(telling: Opening, receiver: Receiver, path: str) -> None:
    """Another noun is passed over; changed, it is told of from then on."""
    async with telling() as office:
        endpoint_id, _ = await office.active(receiver.url(path), "Target")
        await office.world.compound()
        target = await office.world.target()
        (got,) = await receiver.hears(path, 1)
        assert got.record_ids == [target]
        await service.change_endpoint(**office.asking(), endpoint_id=endpoint_id, given={"nouns": ["Compound"]})
        office.office.nudge(endpoint_id)
        await office.world.target()
        compound = await office.world.compound()
        got = (await receiver.hears(path, 2))[1]
        assert compound in got.record_ids


async def test_overlapping_secrets_both_sign(telling: Opening, receiver: Receiver, path: str) -> None:
    """Until the old one ends; a third is refused; without overlap only the newest holds."""
    async with telling() as office:
        endpoint_id, first = await office.active(receiver.url(path))
        asking = office.asking()

        async def rotate(overlap: timedelta) -> str:
            made = await service.rotate_secret(
                **asking, sealing=office.office.sealing, endpoint_id=endpoint_id, overlap=overlap
            )
            assert made.secret is not None
            return made.secret

        second = await rotate(timedelta(hours=1))
        with pytest.raises(StateConflict, match="overlap already"):
            await rotate(timedelta(hours=1))
        await office.world.compound()
        (got,) = await receiver.hears(path, 1)
        assert [_verifies(got, each) for each in (first, second)] == [True, True]
        third = await rotate(timedelta(0))
        await office.world.compound()
        got = (await receiver.hears(path, 2))[1]
        assert [_verifies(got, each) for each in (first, second, third)] == [False, False, True]
        # After a short overlap the old one is out without anybody's doing.
        fourth = await rotate(timedelta(milliseconds=50))
        await asyncio.sleep(0.1)
        await office.world.compound()
        got = (await receiver.hears(path, 3))[2]
        assert [_verifies(got, each) for each in (third, fourth)] == [False, True]


async def test_no_secret_stands_in_the_graph(telling: Opening, receiver: Receiver, path: str) -> None:
    """Neither as text nor as bytes, in nodes, history or answers kept; with another key it cannot be read."""
    async with telling() as office:
        endpoint_id, secret = await office.active(receiver.url(path))
        rows = await office.world.graph.read_rows(
            "MATCH (n) UNWIND keys(n) AS key WITH n, key WHERE n[key] IS :: STRING AND n[key] CONTAINS $secret "
            "RETURN labels(n), key",
            {"secret": secret.removeprefix("whsec_")},
        )
        assert rows == []
    async with telling(key=b"another key, as after a loss of the first") as other:
        attempt = await service.try_endpoint(
            **_only(other.asking(), "graph", "actor", "clock"), dispatch=other.office.dispatch, endpoint_id=endpoint_id
        )
        assert attempt.outcome is WebhookOutcome.NO_SECRET


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (told.answering(200, b'{"challenge": "guessed"}'), WebhookOutcome.WRONG_ANSWER),
        (told.answering(200), WebhookOutcome.WRONG_ANSWER),
        (told.answering(404), WebhookOutcome.REFUSED_STATUS),
        (told.hanging, WebhookOutcome.TIMED_OUT),
        (told.huge, WebhookOutcome.WRONG_ANSWER),
    ],
)
async def test_an_endpoint_that_does_not_answer_the_challenge_is_told_nothing(
    behaviour: told.Behaviour, outcome: WebhookOutcome, telling: Opening, receiver: Receiver, path: str
) -> None:
    """A liar, a hanger, a server that answers everything alike."""
    receiver.behaviours[path] = behaviour
    async with telling() as office:
        endpoint_id, _ = await office.register(receiver.url(path))
        assert (await office.prove(endpoint_id)).outcome is outcome
        assert (await office.endpoint(endpoint_id))["state"] == "PENDING"
        await office.world.compound()
        await asyncio.sleep(0.3)
        assert receiver.at(path) == []


async def test_an_echo_proves_nothing(telling: Opening, receiver: Receiver, path: str) -> None:
    """A server that sends back all that it gets has the word in its answer, and is not proven."""

    async def echo(got: Got, _: object) -> Answer:
        return Answer(body=got.body)

    receiver.behaviours[path] = echo
    async with telling() as office:
        endpoint_id, _ = await office.register(receiver.url(path))
        assert (await office.prove(endpoint_id)).outcome is WebhookOutcome.WRONG_ANSWER


async def test_a_failed_message_comes_again_with_its_id_and_before_the_next(
    telling: Opening, receiver: Receiver, path: str
) -> None:
    """Three failures, then it arrives: one id, new timestamps and signatures, and the order is kept."""
    answers = iter([500, 503, 429])

    async def flaky(got: Got, writer: asyncio.StreamWriter) -> Answer | None:
        if got.message["type"] == "webhook.challenge":
            return await told.honest(got, writer)
        return Answer(next(answers, 200))

    receiver.behaviours[path] = flaky
    async with telling() as office:
        endpoint_id, secret = await office.active(receiver.url(path))
        first = await office.world.compound()
        await receiver.hears(path, 1)
        second = await office.world.compound()
        await receiver.hears_of(path, [second])
        got = receiver.at(path)
        assert [each.record_ids for each in got] == [[first]] * 4 + [[second]]
        assert len({each.headers["webhook-id"] for each in got[:4]}) == 1
        assert all(_verifies(each, secret) for each in got)
        delivery = (await _settled(office, endpoint_id, 2))[0]
        assert (delivery["attempts"], delivery["outcome"]) == (4, "OK")
        assert (await office.endpoint(endpoint_id)).get("failing_since") is None


async def test_an_endpoint_that_asks_to_wait_is_waited_for(telling: Opening, receiver: Receiver, path: str) -> None:
    """As its Retry-After says."""
    answers = iter([Answer(503, headers={"retry-after": "1"})])

    async def busy(got: Got, writer: asyncio.StreamWriter) -> Answer | None:
        return await told.honest(got, writer) if "challenge" in got.message["data"] else next(answers, Answer())

    receiver.behaviours[path] = busy
    async with telling() as office:
        await office.active(receiver.url(path))
        await office.world.compound()
        first, second = await receiver.hears(path, 2)
        assert second.at_s - first.at_s >= 1.0


async def test_one_that_is_gone_is_disabled_and_proven_anew(telling: Opening, receiver: Receiver, path: str) -> None:
    """410 ends it at once, its agency reads why in the feed, and after a new proof nothing is missing."""

    async def gone(got: Got, writer: asyncio.StreamWriter) -> Answer | None:
        return await told.honest(got, writer) if "challenge" in got.message["data"] else Answer(410)

    receiver.behaviours[path] = gone
    async with telling() as office:
        endpoint_id, _ = await office.active(receiver.url(path))
        first = await office.world.compound()
        await _until_disabled(office, endpoint_id)
        second = await office.world.compound()
        changes = await office.world.graph.read_rows(
            "MATCH (c:Change {record_id: $id, kind: 'STATE'}) RETURN c.after, c.reason ORDER BY c.after",
            {"id": endpoint_id},
        )
        assert any("DISABLED" in after and "410" in reason for after, reason in changes)
        assert len(receiver.at(path)) == 1
        receiver.behaviours.pop(path)
        assert (await office.prove(endpoint_id)).is_ok
        await receiver.hears_of(path, [first, second])


async def test_one_that_fails_for_too_long_is_disabled(telling: Opening, receiver: Receiver, path: str) -> None:
    """After the set time without any success; from_now leaves out what has happened since."""
    async with telling(disable_after=timedelta(milliseconds=200)) as office:
        endpoint_id, _ = await office.active(receiver.url(path))
        receiver.behaviours[path] = told.answering(500)
        first = await office.world.compound()
        await _until_disabled(office, endpoint_id)
        assert "no attempt has succeeded" in (await office.endpoint(endpoint_id))["state_reason"]
        receiver.behaviours.pop(path)
        before = len(receiver.at(path))
        assert (await office.prove(endpoint_id, from_now=True)).is_ok
        second = await office.world.compound()
        await receiver.hears_of(path, [second])
        assert [each.record_ids for each in receiver.at(path)[before:]] == [[second]]
        states = {each["state"] for each in await office.deliveries(endpoint_id) if each["changes"]}
        assert "WITHDRAWN" in states
        assert first not in {each for got in receiver.at(path)[before:] for each in got.record_ids}


async def test_who_hangs_holds_up_nobody(telling: Opening, receiver: Receiver, path: str) -> None:
    """Six endpoints hang, with two requests at once in all; a healthy one is told in time all the while."""
    async with telling(sends=2, quick_s=0.2) as office:
        for each in range(6):
            await office.active(receiver.url(f"{path}/{each}"))
        await office.active(receiver.url(path))
        for each in range(6):
            receiver.behaviours[f"{path}/{each}"] = told.hanging
        for count in range(1, 5):
            await office.world.compound()
            committed = time.time()
            got = (await receiver.hears(path, count))[-1]
            # The first finds the server planning. Each hangs once among the quick ones, then never again.
            assert got.at_s - committed < (4.0 if count == 1 else 1.0)


async def test_paused_it_is_told_nothing_and_then_all(telling: Opening, receiver: Receiver, path: str) -> None:
    """It goes on where it stopped."""
    async with telling() as office:
        endpoint_id, _ = await office.active(receiver.url(path))
        await service.pause_endpoint(**office.asking(), endpoint_id=endpoint_id)
        office.office.nudge(endpoint_id)
        made = [await office.world.compound(), await office.world.compound()]
        await asyncio.sleep(0.3)
        assert receiver.at(path) == []
        await service.resume_endpoint(**office.asking(), endpoint_id=endpoint_id, from_now=False)
        office.office.nudge(endpoint_id)
        await receiver.hears_of(path, made)


async def test_retired_it_is_told_nothing_ever(telling: Opening, receiver: Receiver, path: str) -> None:
    """Its secrets and its place are gone; what was sent to it is retired with it."""
    async with telling() as office:
        endpoint_id, _ = await office.active(receiver.url(path))
        await office.world.compound()
        await receiver.hears(path, 1)
        await _settled(office, endpoint_id, 1)
        await service.retire_endpoint(**office.asking(), endpoint_id=endpoint_id)
        await office.world.compound()
        await asyncio.sleep(0.3)
        assert len(receiver.at(path)) == 1
        rows = await office.world.graph.read_rows(
            "MATCH (e:Retired {id: $id}) OPTIONAL MATCH (n)-->(e) RETURN labels(n)", {"id": endpoint_id}
        )
        assert [sorted(row[0]) for row in rows] == [["Record", "Retired", "WebhookDelivery"]]
        with pytest.raises(StateConflict):
            await office.prove(endpoint_id)
        # What is kept of endpoints in force and retired, with deliveries and secrets, is as it is declared.
        findings = await check_graph(office.world.graph, CATALOGUE)
        assert [each for each in findings if "webhook" in str(each).lower()] == []


async def test_nothing_of_a_hidden_operation_is_told_to_others(telling: Opening, receiver: Receiver, path: str) -> None:
    """A silent operation and its action: its own agency is told of both, the other one of nothing, not even a gap."""
    async with telling() as office:
        nouns = ("Operation", "Action", "Compound")
        await office.active(receiver.url(f"{path}/a"), *nouns, agency="A")
        await office.active(receiver.url(f"{path}/b"), *nouns, agency="B")
        coordinator = office.world.actor("A", Role.COORDINATOR)
        hidden = await office.world.operation(sensitivity="SILENT", actor=coordinator)
        action = await office.world.action(hidden, actor=coordinator)
        shown = await office.world.compound()
        await receiver.hears_of(f"{path}/a", [hidden, action, shown])
        await receiver.hears_of(f"{path}/b", [shown])
        assert [each.record_ids for each in receiver.at(f"{path}/b")] == [[shown]]
        assert receiver.at(f"{path}/b")[0].message["data"]["sequence"] == 1


async def test_what_was_closed_meanwhile_is_told_no_more(telling: Opening, receiver: Receiver, path: str) -> None:
    """A message that could not be delivered is asked again whether it may be told, at each attempt."""
    async with telling(pause=lambda *_: timedelta(seconds=3)) as office:
        endpoint_id, _ = await office.active(receiver.url(path), "Operation", agency="B")
        receiver.behaviours[path] = told.answering(500)
        coordinator = office.world.actor("A", Role.COORDINATOR)
        operation = await office.world.operation(actor=coordinator)
        await receiver.hears(path, 1)
        await office.world.change("Operation", operation, sensitivity="SILENT", actor=coordinator)
        receiver.behaviours.pop(path)
        (delivery,) = await _settled(office, endpoint_id, 1)
        assert delivery["state"] == "WITHDRAWN"
        assert len(receiver.at(path)) == 1
        with pytest.raises(StateConflict):
            await _redeliver(office, delivery["id"], "B")


async def test_a_delivery_is_sent_again_by_its_own_agency_alone(
    telling: Opening, receiver: Receiver, path: str
) -> None:
    """Under its id, with the same changes; to another agency it is not there, not even to its administrator."""
    async with telling() as office:
        endpoint_id, secret = await office.active(receiver.url(path))
        compound = await office.world.compound()
        await receiver.hears(path, 1)
        (delivery,) = await _settled(office, endpoint_id, 1)
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
            with pytest.raises(NotFound):
                await _redeliver(office, delivery["id"], "B", role)
        assert (await _redeliver(office, delivery["id"], "A")).is_ok
        first, second = receiver.at(path)
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert second.record_ids == [compound]
        assert _verifies(second, secret)
        assert (await office.deliveries(endpoint_id))[0]["attempts"] == 2


async def test_old_deliveries_are_removed(telling: Opening, receiver: Receiver, path: str) -> None:
    """After the set time, with what is kept beside them; the endpoint goes on."""
    async with telling() as office:
        endpoint_id, _ = await office.active(receiver.url(path))
        await office.world.compound()
        await _settled(office, endpoint_id, 1)
    async with telling(kept=timedelta(0)) as office:

        async def are_gone() -> bool:
            return not await office.deliveries(endpoint_id)

        await until(are_gone)
        assert await office.world.graph.read_rows("MATCH (n:WebhookRange) WHERE NOT (n)-->() RETURN n") == []
        compound = await office.world.compound()
        await receiver.hears_of(path, [compound])
        assert receiver.at(path)[-1].message["data"]["sequence"] == 2


async def test_two_offices_tell_everything_once(telling: Opening, receiver: Receiver, path: str) -> None:
    """Two at once over one graph: no message comes twice, and when one leaves the other goes on."""
    async with telling() as first:
        async with telling() as second:
            await second.active(receiver.url(path))
            made = [await first.world.compound() for _ in range(20)]
            await receiver.hears_of(path, made)
        made += [await first.world.compound() for _ in range(5)]
        await receiver.hears_of(path, made)
        got = receiver.at(path)
        assert [each for one in got for each in one.record_ids] == made
        assert len({each.headers["webhook-id"] for each in got}) == len(got)


def _only(values: dict[str, object], *names: str) -> dict[str, object]:
    return {name: values[name] for name in names}


def _verifies(got: Got, secret: str) -> bool:
    try:
        Webhook(secret).verify(got.body, got.headers)
    except Exception:
        return False
    return True


async def _redeliver(office: Told, delivery_id: str, agency: str, role: Role = Role.COORDINATOR) -> object:
    asking = {**_only(office.asking(agency), "graph", "clock", "laws"), "actor": office.world.actor(agency, role)}
    return await service.redeliver(**asking, dispatch=office.office.dispatch, delivery_id=delivery_id)


async def _settled(office: Told, endpoint_id: str, count: int) -> list[dict[str, object]]:
    async with asyncio.timeout(10):
        while True:
            found = await office.deliveries(endpoint_id)
            if len(found) >= count and all(each["state"] != "WAITING" for each in found):
                return found
            await asyncio.sleep(0.01)


async def _until_disabled(office: Told, endpoint_id: str) -> None:
    async def is_disabled() -> bool:
        return (await office.endpoint(endpoint_id))["state"] == "DISABLED"

    await until(is_disabled)
