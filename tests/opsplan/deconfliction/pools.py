"""What is held of pools, hour by hour and by brute force: an oracle that shares no code with the product."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

from tests.opsplan.deconfliction.theatre import DAY

HOURS = 96
"""How many hours from the first day on the oracle knows of."""
SPELL = 6
Pool = tuple[str, str, str]
"""Country, kind, language."""


@dataclass(frozen=True)
class Need:
    """What a claim is entered with: hours after its start, and for how many (None: until its end)."""

    pool: Pool
    amount: int
    after: int = 0
    held: int | None = None

    def as_given(self) -> dict[str, Any]:
        country, kind, language = self.pool
        given: dict[str, Any] = {"country": country, "kind": kind, "amount": self.amount}
        given |= {"language": language} if language else {}
        given |= {"after_start_minutes": 60 * self.after} if self.after else {}
        return given | ({} if self.held is None else {"held_minutes": 60 * self.held})


@dataclass(frozen=True)
class Holder:
    """A claim: whose, from which hour until which, what it holds, and its place in the order."""

    name: str
    owner: str
    start: int
    end: int
    needs: tuple[Need, ...]
    sensitivity: str = "OPEN"
    read_by: frozenset[str] = frozenset()
    place: tuple[int, str] = (0, "")
    stands: bool = True

    def held(self, pool: Pool) -> list[int]:
        found = [0] * HOURS
        for need in self.needs:
            first = self.start + need.after
            last = self.end if need.held is None else first + need.held
            for hour in range(first, last if need.pool == pool else 0):
                found[hour] += need.amount
        return found

    def seen(self, pool: Pool) -> list[int]:
        return self.held(pool) if self.sensitivity == "OPEN" else coarse(self.held(pool))

    def pools(self) -> set[Pool]:
        return {each.pool for each in self.needs}

    def is_read_by(self, agency: str) -> bool:
        return self.sensitivity == "OPEN" or agency == self.owner or agency in self.read_by


def coarse(held: list[int]) -> list[int]:
    """Give the power of two above the most that is held in each spell."""
    found = list(held)
    for start in range(0, len(held), SPELL):
        most = max(held[start : start + SPELL])
        power = 0 if not most else 1
        while power < most:
            power *= 2
        found[start : start + SPELL] = [power] * SPELL
    return found


@dataclass
class Stock:
    """Entries of capacity by name: pool, from which hour until which, how much, and whether they are in force."""

    entries: dict[str, tuple[Pool, int, int, int, bool]] = field(default_factory=dict)

    def of(self, pool: Pool) -> list[int]:
        found = [0] * HOURS
        for its, start, end, amount, stands in self.entries.values():
            for hour in range(max(start, 0), min(end, HOURS) if stands and its == pool else 0):
                found[hour] += amount
        return found


def placed(was: Holder | None, now: Holder, number: int) -> Holder:
    """Give a claim with its place in the order: it keeps it while it holds no more than it held."""
    if was is not None and was.stands:
        pools = was.pools() | now.pools()
        is_hidden = was.sensitivity != "OPEN" or now.sensitivity != "OPEN"
        views = (
            [(coarse(now.held(each)), coarse(was.held(each))) for each in pools]
            if is_hidden
            else [(now.held(each), was.held(each)) for each in pools]
        )
        if was.needs and all(new <= old for after, before in views for new, old in zip(after, before, strict=True)):
            return replace(now, place=was.place)
    return replace(now, place=(number, now.name))


def counts(third: Holder, one: Holder, other: Holder) -> bool:
    """Whether all who may read the conflict of two, and both owners, may read a third."""
    if third.sensitivity == "OPEN":
        return True
    if not (one.is_read_by(other.owner) and other.is_read_by(one.owner)):
        return False
    everybody = set("KLMN") | {"somebody"}
    readers = {each for each in everybody if one.is_read_by(each) and other.is_read_by(each)}
    return all(third.is_read_by(each) for each in readers | {one.owner, other.owner})


def excess(one: Holder, other: Holder, all_: list[Holder], stock: Stock) -> list[dict[str, Any]]:
    """Give where two claims hold with others more than there is; nothing if they do not."""
    later = max(one.place, other.place)
    found = []
    for pool in sorted(one.pools() & other.pools()):
        mine = one.held(pool) if one.is_read_by(other.owner) else one.seen(pool)
        its = other.held(pool) if other.is_read_by(one.owner) else other.seen(pool)
        before = [
            each.held(pool)
            for each in all_
            if each.name not in (one.name, other.name) and each.place < later and counts(each, one, other)
        ]
        there = stock.of(pool)
        lack: dict[int, tuple[int, int, int]] = {}
        for hour in range(HOURS):
            if mine[hour] and its[hour]:
                total = mine[hour] + its[hour] + sum(each[hour] for each in before)
                lack[hour] = (total, there[hour], 2 + sum(each[hour] > 0 for each in before))
        over = {hour: total - available for hour, (total, available, _) in lack.items() if total > available}
        if over:
            worst = min(hour for hour in over if over[hour] == max(over.values()))
            last = worst
            while lack.get(last + 1, (0, 0, 0))[:2] == lack[worst][:2]:
                last += 1
            total, available, claims = lack[worst]
            found.append(
                {
                    "country": pool[0],
                    "kind": pool[1],
                    "language": pool[2] or None,
                    "amount": total,
                    "claims": claims,
                    "available": available,
                    "from": text(worst),
                    "until": text(last + 1),
                    **({} if one.is_read_by(other.owner) and other.is_read_by(one.owner) else {"is_rounded": True}),
                }
            )
    return found


def conflicts(holders: list[Holder], stock: Stock) -> dict[frozenset[str], list[dict[str, Any]]]:
    """Give the pairs that conflict, with the facts of each."""
    found = {
        frozenset((one.name, other.name)): excess(one, other, holders, stock) for one, other in combinations(holders, 2)
    }
    return {pair: facts for pair, facts in found.items() if facts}


def text(hour: int) -> str:
    return (DAY + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
