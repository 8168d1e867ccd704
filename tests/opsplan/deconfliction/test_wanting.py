# Fixture strategy: a theatre of four agencies of their own for each test, in the session's database; claims far apart,
# so that nothing but what a test is about brings them into conflict.
"""Claims that want the same: units, subjects in whatever spelling, and tip-offs over links."""

from datetime import timedelta
from typing import Any

import pytest

from opsplan.vocabulary.errors import Invalid, KeysMissing
from tests.opsplan.deconfliction.theatre import CLAIM, DAY, TOLD_OF_HIDDEN, Theatre
from tests.opsplan.records.world import checked, noun

FAR = {"K": (104.9, 11.5), "L": (20.0, 50.0), "M": (-70.0, -33.0), "N": (140.0, 36.0)}


class Bureau:
    """Enters what the tests need, and commits claims of agencies at places far from each other."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.world = theatre.world

    async def make(self, name: str, owner: str, /, **values: Any) -> str:
        """Make a record of an agency."""
        row = checked(name, **values)
        (made,) = await self.world.write(
            lambda writing: writing.create(noun(name), [row]), actor=self.theatre.actor(owner)
        )
        return str(made)

    async def claim(self, owner: str, *, seen: tuple[str, ...] = (), hours: float = 0.0, **values: Any) -> str:
        """Commit a claim of an agency, `hours` after the first day's midnight."""
        start = DAY + timedelta(hours=hours)
        given = {
            "kind": "RAID",
            "location": FAR[owner],
            "start": start.isoformat(),
            "end": (start + timedelta(hours=2)).isoformat(),
            **values,
        }
        row = checked("Claim", **given)
        (made,) = await self.world.write(
            lambda writing: writing.create(CLAIM, [row]), actor=self.theatre.actor(owner), seen=seen
        )
        return str(made)

    async def missing(self, owner: str, **values: Any) -> list[Any]:
        """Give what a commit misses."""
        with pytest.raises(KeysMissing) as refused:
            await self.claim(owner, **values)
        return list(refused.value.facts["missing"])

    async def conflicts(self) -> list[tuple[str, str]]:
        """Give kind and sentence of what is in conflict."""
        rows = await self.theatre.graph.read_rows(
            "MATCH (k:Conflict) WHERE k.state <> 'GONE' RETURN k.kind, k.sentence ORDER BY k.kind, k.sentence"
        )
        return [(row[0], row[1]) for row in rows]

    async def retire(self, name: str, record_id: str, owner: str) -> None:
        await self.world.write(
            lambda writing: writing.retire(noun(name), [(record_id, None)], "wrong"), actor=self.theatre.actor(owner)
        )


@pytest.fixture
def bureau(theatre: Theatre) -> Bureau:
    return Bureau(theatre)


async def unit_of(bureau: Bureau, name: str) -> str:
    agency = bureau.theatre.agencies["K"]
    return await bureau.make("Unit", "K", name=name, kind="TACTICAL", type=1, home=(104.9, 11.5), agency=agency)


@pytest.mark.requirement("D4")
async def test_a_unit_is_in_one_place_at_a_time(bureau: Bureau) -> None:
    """Who claims a unit that another claims for the same hours is told before the commit, and both after it."""
    unit = await unit_of(bureau, "Bravo")
    first = await bureau.claim("K", units=[unit])
    (told,) = await bureau.missing("L", units=[unit], hours=1)
    assert (told["kind"], told["claim_id"], told["contact_id"]) == ("UNIT", first, bureau.theatre.agencies["K"])
    assert told["sentences"] == ["Both use Bravo at the same time."]
    assert await bureau.conflicts() == []
    await bureau.claim("L", units=[unit], hours=1, seen=(told["key"],))
    assert await bureau.conflicts() == [("UNIT", "Both use Bravo at the same time.")]
    # It is free again from the second at which the other ends.
    await bureau.claim("M", units=[unit], hours=3)
    assert len(await bureau.conflicts()) == 1


@pytest.mark.requirement("D4")
async def test_an_agency_is_told_of_its_own_unit_used_twice(bureau: Bureau) -> None:
    """Of two claims of one agency, the second is told of the first where both use a unit."""
    unit = await unit_of(bureau, "Bravo")
    first = await bureau.claim("K", units=[unit])
    (told,) = await bureau.missing("K", units=[unit], hours=1, location=(105.9, 12.5))
    assert told["claim_id"] == first


@pytest.mark.requirement("D4")
async def test_of_a_hidden_unit_whole_hours_are_told(bureau: Bureau) -> None:
    """A unit that a POINTER claim uses is taken for its six hours; who asks learns whom to call, and nothing else."""
    unit = await unit_of(bureau, "Bravo")
    await bureau.claim("K", units=[unit], sensitivity="POINTER")
    (told,) = await bureau.missing("L", units=[unit], hours=4)
    assert told["contact_id"] == bureau.theatre.agencies["K"]
    assert {name for name, value in told.items() if value} == TOLD_OF_HIDDEN
    await bureau.claim("L", units=[unit], hours=6)
    await bureau.claim("M", units=[unit], hours=-3, seen=())


@pytest.mark.requirement("D2")
async def test_one_person_in_two_scripts_is_told(bureau: Bureau) -> None:
    """Two agencies after one person, each in its own spelling and script, are told with score and reasons."""
    target = await bureau.make("Target", "K", kind="PERSON", name="Sergey Ivanov", nationalities=["RU"])
    await bureau.make("Identifier", "K", scheme="PHONE", value="+855 10 000 001", target=target)
    await bureau.claim("K", targets=[target])
    person = {"kind": "PERSON", "names": ["Иванов Сергей"], "countries": ["RU"]}
    (told,) = await bureau.missing("L", subjects=[person], hours=240)
    assert told["kind"] == "SUBJECT"
    assert "read alike" in told["sentences"][0]
    await bureau.claim("L", subjects=[person], hours=240, seen=(told["key"],))
    ((score, facts),) = await bureau.theatre.graph.read_rows("MATCH (k:Conflict) RETURN k.score, k.facts")
    assert score >= 0.8
    assert "NAME_OTHER_SCRIPT" in facts
    phone = {"kind": "PHONE", "names": ["00855 10000001"]}
    (by_phone,) = await bureau.missing("M", subjects=[phone])
    assert "one phone number" in by_phone["sentences"][0]
    # A month and more apart, nobody is in the other's way.
    await bureau.claim("N", subjects=[phone], hours=24 * 60)


@pytest.mark.requirement("D2")
async def test_a_target_that_gets_another_name_is_told_of_anew(bureau: Bureau) -> None:
    """A name or number that is found out later brings those together who were not; one that was wrong parts them."""
    target = await bureau.make("Target", "K", kind="PERSON", name="Quill Marrow")
    await bureau.claim("K", targets=[target])
    await bureau.claim("L", subjects=[{"kind": "PHONE", "names": ["+85510000001"]}])
    assert await bureau.conflicts() == []
    number = await bureau.make("Identifier", "K", scheme="PHONE", value="+855 10 000 001", target=target)
    assert [kind for kind, _ in await bureau.conflicts()] == ["SUBJECT"]
    await bureau.retire("Identifier", number, "K")
    assert await bureau.conflicts() == []


@pytest.mark.requirement("D3")
async def test_a_tip_off_is_flagged_with_its_path_and_goes_with_it(bureau: Bureau) -> None:
    """An arrest before another's H-hour, two links from its target, is flagged with the path; cut, the flag goes."""
    boss, friend, driver = [
        await bureau.make("Target", "N", kind="PERSON", name=name) for name in ("Boss", "Friend", "Driver")
    ]
    near = await bureau.make("Link", "N", kind="ASSOCIATED_WITH", **{"from": boss, "to": friend})
    far = await bureau.make("Link", "N", kind="ASSOCIATED_WITH", **{"from": driver, "to": friend})
    raid = await bureau.claim("K", targets=[boss], hours=48)
    (told,) = await bureau.missing("L", kind="ARREST", targets=[driver], hours=6)
    assert (told["kind"], told["claim_id"], told["severity"]) == ("TIP_OFF", raid, "SERIOUS")
    assert "42 hours before" in told["sentences"][0]
    assert "Driver, Friend, Boss" in told["sentences"][0]
    arrest = await bureau.claim("L", kind="ARREST", targets=[driver], hours=6, seen=(told["key"],))
    ((facts,),) = await bureau.theatre.graph.read_rows("MATCH (k:Conflict) RETURN k.facts")
    assert facts == (
        f'{{"early_claim_id":"{arrest}","links":["{far}","{near}"],"path":["{driver}","{friend}","{boss}"]}}'
    )
    # What nobody notices warns nobody, and nothing warns of what is over.
    await bureau.claim("M", kind="SURVEILLANCE", targets=[friend], hours=3)
    await bureau.retire("Link", near, "N")
    assert await bureau.conflicts() == []
    anew = await bureau.make("Link", "N", kind="ASSOCIATED_WITH", **{"from": friend, "to": boss})
    assert [kind for kind, _ in await bureau.conflicts()] == ["TIP_OFF"]
    await bureau.retire("Link", anew, "N")
    assert await bureau.conflicts() == []


@pytest.mark.requirement("D3")
async def test_of_a_hidden_h_hour_six_hours_are_told(bureau: Bureau) -> None:
    """By when an arrest warns of a POINTER raid, nobody learns its H-hour more finely than six hours."""
    boss = await bureau.make("Target", "K", kind="PERSON", name="Boss")
    driver = await bureau.make("Target", "L", kind="PERSON", name="Driver")
    await bureau.make("Link", "L", kind="ASSOCIATED_WITH", **{"from": boss, "to": driver})
    await bureau.claim("K", kind="INFORMANT_MEETING", targets=[boss], hours=49.3, sensitivity="POINTER")
    for hours in (49.2, 49.4, 53.9):
        (told,) = await bureau.missing("L", kind="ARREST", targets=[driver], hours=hours)
        assert {name for name, value in told.items() if value} == TOLD_OF_HIDDEN
    await bureau.claim("L", kind="ARREST", targets=[driver], hours=54.0)


@pytest.mark.requirement("D3")
async def test_nothing_runs_over_what_is_linked_to_everybody(bureau: Bureau) -> None:
    """An exchange with more links than a record can mean something by carries no tip-off; one link too many ends it."""
    boss, exchange, driver = [
        await bureau.make("Target", "N", kind=kind, name=name)
        for kind, name in (("PERSON", "Boss"), ("ORGANIZATION", "Exchange"), ("PERSON", "Driver"))
    ]
    rows = [checked("Link", kind="USES", **{"from": one, "to": exchange}) for one in [boss, driver] + [boss] * 498]
    await bureau.world.write(lambda writing: writing.create(noun("Link"), rows[2:]), actor=bureau.theatre.actor("N"))
    for row in rows[:2]:
        await bureau.world.write(
            lambda writing, row=row: writing.create(noun("Link"), [row]), actor=bureau.theatre.actor("N")
        )
    await bureau.claim("K", targets=[exchange], hours=48)
    (told,) = await bureau.missing("L", kind="ARREST", targets=[driver], hours=6)
    await bureau.claim("L", kind="ARREST", targets=[driver], hours=6, seen=(told["key"],))
    assert len(await bureau.conflicts()) == 1
    await bureau.make("Link", "N", kind="USES", **{"from": boss, "to": exchange})
    assert await bureau.conflicts() == []


@pytest.mark.parametrize(
    ("subjects", "field"),
    [
        ({"kind": "PERSON"}, "subjects"),
        ([{"kind": "GHOST", "names": ["x"]}], "subjects[0].kind"),
        ([{"kind": "PERSON"}], "subjects[0]"),
        ([{"kind": "PERSON", "names": [""]}], "subjects[0].names"),
        ([{"kind": "PERSON", "names": ["A"], "nick": 1}], "subjects[0]"),
        ([{"kind": "PHONE", "identifiers": [{"scheme": "PHONE", "value": 7}]}], "subjects[0].identifiers[0].value"),
        ([{"kind": "PHONE", "names": ["1"], "countries": ["kh"]}], "subjects[0].countries"),
    ],
)
async def test_what_is_no_subject_is_refused_with_its_place(bureau: Bureau, subjects: Any, field: str) -> None:
    """A subject that is none is refused; the message says where in the list, what and what to give."""
    with pytest.raises(Invalid) as refused:
        await bureau.claim("K", subjects=subjects)
    assert f"{field}: " in str(refused.value)
    assert await bureau.theatre.graph.read_rows("MATCH (c:Claim) RETURN count(c)") == [[0]]
