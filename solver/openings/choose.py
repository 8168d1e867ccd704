"""Choosing units for one action at one start: the cheapest, and of these the ones that leave the burden smallest."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FOREVER = 1 << 62
Units = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A unit that is free to fill a need, and what it costs there; `owner` is its country."""

    unit: int
    price: int
    owner: int


class Burdens:
    """The burden of each country in a plan, and what further slots in action make of it.

    Parameters
    ----------
    offered_slots
        By country: slots that its units are available inside the horizon.
    used_slots
        By country: slots that they are in action in the plan.
    """

    def __init__(self, offered_slots: Mapping[int, int], used_slots: Mapping[int, int]) -> None:
        self._offered = offered_slots
        self._used = used_slots
        self.now = max((self.of(country, 0) for country in used_slots), default=0)
        """The largest burden of the plan as it is, in thousandths."""

    def of(self, country: int, more_slots: int) -> int:
        """Burden of one country in thousandths, rounded up, with so many more slots in action."""
        offered = self._offered.get(country, 0)
        return -(-1000 * (self._used.get(country, 0) + more_slots) // offered) if offered else 0

    def most_units(self, country: int, most: int, duration_slots: int, wanted: int) -> int:
        """How many units of a country, at most `wanted`, may serve so long without its burden exceeding `most`."""
        count = 0
        while count < wanted and self.of(country, (count + 1) * duration_slots) <= most:
            count += 1
        return count


def choose(offers: Sequence[Sequence[Offer]], counts: Sequence[int], burdens: Burdens, slots: int) -> Units | None:
    """Fill every need with different units; None when that is impossible.

    Parameters
    ----------
    offers
        Per need: the units that are free.
    counts
        Per need: how many it asks for.
    burdens
        Of the plan without this action.
    slots
        How long the action takes.

    Returns
    -------
    tuple of tuple of int
        Per need its units, sorted: of all choices one with the smallest sum of prices, and of these one with the
        smallest largest burden. Both are exact: a flow of least cost from needs over units and their countries, whose
        bounds are the units that a country may send under a given burden (Ahuja, Magnanti, Orlin 1993, chapter 9).
    """
    cheapest = _flow(offers, counts, {})
    if cheapest is None:
        return None
    price, units = cheapest
    owners = {offer.unit: offer.owner for need in offers for offer in need}
    if _burden(units, owners, burdens, slots) == burdens.now:
        return units
    wanted = sum(counts)
    countries = sorted({*owners.values()})
    levels = {burdens.of(country, count * slots) for country in countries for count in range(1, wanted + 1)}
    rising = sorted({max(burdens.now, level) for level in levels} | {burdens.now})
    low, high = 0, rising.index(_burden(units, owners, burdens, slots))
    while low < high:
        middle = (low + high) // 2
        most = {country: burdens.most_units(country, rising[middle], slots, wanted) for country in countries}
        fairer = _flow(offers, counts, most)
        if fairer is not None and fairer[0] == price:
            units, high = fairer[1], middle
        else:
            low = middle + 1
    return units


def _burden(units: Units, owners: Mapping[int, int], burdens: Burdens, slots: int) -> int:
    sent: dict[int, int] = {}
    for each in units:
        for unit in each:
            sent[owners[unit]] = sent.get(owners[unit], 0) + slots
    return max([burdens.now, *(burdens.of(country, more) for country, more in sent.items())])


def _flow(
    offers: Sequence[Sequence[Offer]], counts: Sequence[int], most: Mapping[int, int]
) -> tuple[int, Units] | None:
    """Give the least sum of prices with the units of each need; None when some need stays open.

    `most` bounds the units of each country; a country that it does not name has no bound.
    """
    network = _Network()
    for need, (some, count) in enumerate(zip(offers, counts, strict=True)):
        network.join("source", ("need", need), count, 0)
        for offer in some:
            network.join(("need", need), ("unit", offer.unit), 1, offer.price)
    for unit, owner in sorted({(offer.unit, offer.owner) for some in offers for offer in some}):
        network.join(("unit", unit), ("country", owner), 1, 0)
    for owner in sorted({offer.owner for some in offers for offer in some}):
        network.join(("country", owner), "sink", most.get(owner, _FOREVER), 0)
    price = 0
    for _ in range(sum(counts)):
        step = network.push("source", "sink")
        if step is None:
            return None
        price += step
    filled = [
        tuple(sorted(offer.unit for offer in some if network.used(("need", need), ("unit", offer.unit))))
        for need, some in enumerate(offers)
    ]
    return price, tuple(filled)


_Node = object


class _Network:
    """A flow network with prices; flow is pushed along cheapest paths, one unit at a time."""

    def __init__(self) -> None:
        self._ahead: dict[_Node, list[int]] = {}
        self._from: list[_Node] = []
        self._to: list[_Node] = []
        self._left: list[int] = []
        self._price: list[int] = []
        self._number: dict[tuple[_Node, _Node], int] = {}

    def join(self, origin: _Node, target: _Node, room: int, price: int) -> None:
        """Add an arc, and beside it (the next number) the one that takes flow back."""
        self._number[origin, target] = len(self._to)
        for one, other, left, cost in ((origin, target, room, price), (target, origin, 0, -price)):
            self._ahead.setdefault(one, []).append(len(self._to))
            self._from.append(one)
            self._to.append(other)
            self._left.append(left)
            self._price.append(cost)

    def used(self, origin: _Node, target: _Node) -> bool:
        """Whether flow goes along an arc."""
        return self._left[self._number[origin, target] ^ 1] > 0

    def push(self, source: _Node, sink: _Node) -> int | None:
        """Push one unit along a cheapest path and give its price; None when there is none (Bellman and Ford)."""
        price: dict[_Node, int] = {source: 0}
        arc_to: dict[_Node, int] = {}
        waiting, queued = deque([source]), {source}
        while waiting:
            node = waiting.popleft()
            queued.discard(node)
            for arc in self._ahead.get(node, ()):
                target, reached = self._to[arc], price[node] + self._price[arc]
                if self._left[arc] and reached < price.get(target, _FOREVER):
                    price[target], arc_to[target] = reached, arc
                    if target not in queued:
                        queued.add(target)
                        waiting.append(target)
        if sink not in price:
            return None
        node = sink
        while node != source:
            arc = arc_to[node]
            self._left[arc] -= 1
            self._left[arc ^ 1] += 1
            node = self._from[arc]
        return price[sink]
