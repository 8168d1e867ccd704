"""Comments on any record, in threads, with mentions."""

from pathlib import Path

import pytest

from opsplan.exchange.export import export
from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.records.integrity.check_graph import check_graph
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid
from tests.opsplan.records.world import World
from tests.opsplan.scheduling.theatre import Theatre


@pytest.fixture
async def world(graph: Graph) -> World:
    """Give agencies of this test alone."""
    if not await graph.read_rows("MATCH (n:Reference {id: 'country_kh'}) RETURN n.id"):
        await keep_countries(graph)
    return await World(graph).open()


async def test_every_noun_can_be_commented_on() -> None:
    """Whatever the graph holds, people can speak about it; comments are answered, not commented on."""
    about = CATALOGUE["Comment"].relation_named("about").targets
    # The rows of a plan come and go with edits; people speak about the plan, or the action. Webhooks are machinery.
    passed_over = {"Comment", "PlannedAction", "UnplacedAction", "WebhookEndpoint", "WebhookDelivery"}
    assert set(about) == {noun.name for noun in CATALOGUE} - passed_over
    assert all("comments" in {each.name for each in CATALOGUE[name].relations} for name in about)


@pytest.mark.requirement("P3")
async def test_a_thread_has_one_subject(world: World) -> None:
    """An answer is about what the comment that it answers is about, however deep the thread; else it is refused."""
    site, other = await world.compound(), await world.compound(name="Crane Court")
    first = await world.create("Comment", body="Who has the keys?", about=site, mentions=[world.agencies["B"]])
    second = await world.create("Comment", actor=world.actor("B"), body="We do.", about=site, answers=first)
    third = await world.create("Comment", body="Good.", about=site, answers=second)
    assert await world.referred(third, "ANSWERS") == [second]
    assert await world.referred(first, "MENTIONS") == [world.agencies["B"]]
    with pytest.raises(Invalid) as refused:
        await world.create("Comment", body="And here?", about=other, answers=first)
    assert refused.value.field == "answers"
    assert site in refused.value.message


async def test_a_comment_is_its_writers(world: World) -> None:
    """Anybody who may write speaks about anybody's record, but changes only what the own agency has said."""
    site = await world.compound()
    said = await world.create("Comment", actor=world.actor("B"), body="Is this right?", about=site)
    with pytest.raises(Forbidden):
        await world.change("Comment", said, body="This is right.")
    await world.change("Comment", said, actor=world.actor("B"), body="This is right.")
    with pytest.raises(Invalid):
        await world.create("Comment", body="Hm", about="compound_00000000000000000000000000")


async def test_nobody_is_kept_from_retiring_a_record(world: World, tmp_path: Path) -> None:
    """What another agency says of a record does not hold it; what was answered stays, so that no answer is lost."""
    site = await world.compound()
    first = await world.create("Comment", actor=world.actor("B"), body="Is this right?", about=site)
    second = await world.create("Comment", body="Yes.", about=site, answers=first)
    with pytest.raises(Conflict) as refused:
        await world.retire("Comment", first, actor=world.actor("B"))
    assert second in refused.value.message
    await world.retire("Compound", site)
    assert await world.referred(first, "ABOUT") == [site]
    await world.change("Comment", first, actor=world.actor("B"), body="It was right.")
    assert [each for each in await check_graph(world.graph, CATALOGUE) if each.where.startswith("Comment")] == []
    await export(world.graph, CATALOGUE, tmp_path / "out", ending=".jsonl", exercise=False)
    written = tmp_path / "out" / "comment.jsonl"
    assert not written.exists() or site not in written.read_text()
    await world.retire("Comment", second)
    await world.retire("Comment", first, actor=world.actor("B"))


async def test_what_is_said_of_a_plan_stays_behind_in_an_export(world: World, theatre: Theatre, tmp_path: Path) -> None:
    """Plans are not exported, so what is about them is not either; comments on records are, and can be loaded."""
    await theatre.raid()
    plan = await theatre.planned()
    site = await world.compound()
    await world.create("Comment", body="on the plan", about=plan)
    await world.create("Comment", body="on the site", about=site)
    await export(theatre.graph, CATALOGUE, tmp_path / "out", ending=".jsonl", exercise=False)
    written = (tmp_path / "out" / "comment.jsonl").read_text()
    assert "on the site" in written
    assert "on the plan" not in written
