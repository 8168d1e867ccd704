# Fixture strategy: one empty graph for a whole run, with four agencies; each world of a few records lies hundreds of
# kilometres from all others, so that hundreds of them fit into it.
"""Writers at once, in every order that a director finds: what is committed is what the model says, no more and no less.

An interleaving is one round: two to four writers, moved one at a time from a point (after what it has read, after what
it has locked, before its commit) to the next.
"""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from tests.opsplan.deconfliction.interleaving.director import Director, Player
from tests.opsplan.deconfliction.interleaving.players import Draw, Part, spots_near
from tests.opsplan.deconfliction.theatre import Theatre
from tests.seeds import FRESH, many

ROUNDS = 25
"""Of a world; more would make its few records too many."""
WORLDS = 40


@dataclass
class Tally:
    """What a run has seen."""

    interleavings: int = 0
    accepted: int = 0
    refused: int = 0
    waits: int = 0
    unforeseen: int = 0
    retried: int = 0
    blurred: int = 0
    orders: Counter[tuple[tuple[str, str], ...]] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"interleavings={self.interleavings} orders={len(self.orders)} accepted={self.accepted} "
            f"refused={self.refused} waits={self.waits} deadlocks={self.retried} unforeseen={self.unforeseen} "
            f"blurred={self.blurred}"
        )


def place_of(world: int) -> tuple[float, float]:
    """Give where a world lies: three degrees from the next, away from poles and antimeridian."""
    return -174.0 + world % 116 * 3.0, -57.0 + world // 116 % 39 * 3.0


async def play_world(theatre: Theatre, seed: int, world: int, tally: Tally) -> None:
    """Play the rounds of one world."""
    chance = random.Random(f"{seed}-{world}")
    draw = Draw(chance, spots_near(chance, place_of(world)))
    game = await draw.open(theatre)
    for number in range(ROUNDS):
        parts = [draw.part() for _ in range(chance.choices((2, 3, 4), (6, 3, 1))[0])]
        said = [each.said for each in parts]
        director = Director(chance)
        try:
            await director.play([_part(draw, chance, each) for each in parts])
        except BaseException as failure:
            failure.add_note(f"TEST_SEED={seed}, world {world}, round {number}: {said}, {director.passed}")
            raise
        tally.interleavings += 1
        tally.waits += director.waits
        tally.unforeseen += director.unforeseen
        tally.orders[tuple(director.passed)] += 1
    tally.accepted += game.accepted
    tally.refused += game.refused
    tally.retried += game.retried
    tally.blurred += len(game.blurred)


def _part(draw: Draw, chance: random.Random, part: Part) -> Callable[[Player], Awaitable[None]]:
    """Let the writer know nothing, what it has to show now, or all keys there ever were; and try once or more."""
    model, keys = draw.game.model, draw.game.keys[draw.game.model.number]
    known = chance.choice(("nothing", "needed", "needed", "all"))
    seen: set[str] = set()
    after = part.apply(model.now)
    if known == "all":
        seen = {*draw.game.blind_keys.values(), *(key for those in draw.game.keys.values() for key in those.values())}
    elif known == "needed" and not isinstance(after, type):
        named, hidden = model.needed(model.number, after)
        seen = {keys[name] for name in named} | {draw.game.blind_keys.get(each, "") for each in hidden}
    tries = chance.choice((1, 1, 2, 4))

    async def play(player: Player) -> None:
        await draw.play(part, player, seen, tries)

    return play


async def play_all(theatre: Theatre, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Play all worlds of a seed and say what was seen."""
    tally = Tally()
    for world in range(WORLDS):
        await play_world(theatre, seed, world, tally)
    with capsys.disabled():
        print(f"\n{tally} seed={seed}")
    assert tally.interleavings == WORLDS * ROUNDS
    # None of it would mean anything if writers did not get in each other's way.
    assert min(tally.accepted, tally.refused, tally.waits) > tally.interleavings / 10
    assert tally.blurred < tally.interleavings / 100


@pytest.fixture(autouse=True)
def _no_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out alerts of probing, which commit on their own: what is played here is plans in good faith."""
    monkeypatch.setattr("opsplan.deconfliction.service.probing.PROBES_TO_ALERT", 1_000_000)


@pytest.mark.requirement("D9")
@pytest.mark.requirement("D7")
@pytest.mark.timeout(900)
async def test_a_thousand_interleavings_do_what_the_model_does(
    theatre: Theatre, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused with exactly the missing keys; after each commit all pairs in conflict stand once, both sides told."""
    await play_all(theatre, FRESH, capsys)


@pytest.mark.long
@pytest.mark.requirement("D9")
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("seed", many(100))
async def test_a_hundred_thousand_interleavings_do_what_the_model_does(
    theatre: Theatre, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    """The same for a hundred thousand."""
    await play_all(theatre, seed, capsys)
