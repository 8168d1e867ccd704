"""Generalised time lags: a net of least and greatest distances between starts, and what is left of it as a problem.

A lag from i to j of w says ``start(j) >= start(i) + w``; a negative w is a greatest distance from j to i. Whatever the
net says is said by the result, also what cannot be kept: such a problem is read, and no plan of it exists.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solver.problem import Anchor, Precedence
from solver.problem.limits import LARGEST_SLOT

Lags = dict[tuple[int, int], int]
"""The largest lag from one node to another, by the pair of nodes."""


@dataclass(slots=True)
class Net:
    """What is left when the nodes without duration are gone.

    Parameters
    ----------
    jobs
        The nodes that take time, ascending; the sink is the last of them where `keeps_sink`.
    lags
        Between two of them.
    windows
        Of each, the slots ``[from, until)`` that it may touch; an empty one means never.
    keeps_sink
        Whether some lag makes the project longer than its jobs: then the sink stays, as a job of one slot that starts
        when the project ends.
    horizon_slots
        Within which some best schedule ends, if there is any.
    """

    jobs: list[int]
    lags: Lags
    windows: dict[int, tuple[int, int]]
    keeps_sink: bool
    horizon_slots: int


@dataclass(slots=True)
class _Ends:
    """The source, node 0, which starts at slot 0, and the sink, the last node, which starts when the project ends."""

    sink: int
    durations: Sequence[int]
    lags: Lags = field(default_factory=dict)

    def tighten(self, before: int, after: int, lag: int) -> None:
        known = self.lags.get((before, after))
        if known is None or lag > known:
            self.lags[before, after] = lag


def reduced(durations: Sequence[int], lags: Mapping[tuple[int, int], int]) -> Net:
    """Return the net without its source, its sink (where nothing is lost) and its other nodes without duration.

    Node 0 is the source and the last node the sink; every node starts at slot 0 or later, and the project ends when
    the last node does. A node k without duration is left out by joining each lag i -> k to each k -> j; lags from the
    source become windows, those to the source their ends. The sink stays where a lag to it is longer than the job, or
    where lags leave it: after no job then may it start too early.

    The horizon is the sum, over all nodes, of the duration or the longest lag that leaves it, whichever is more
    (Bartusch, Möhring and Radermacher, Annals of Operations Research 16 (1988), 201-240): in a slot that no node so
    covers, nothing holds back all that starts later from starting a slot earlier.

    Parameters
    ----------
    durations
        Of every node, in slots; 0 for the source and the sink.
    lags
        The largest lag of each pair.
    """
    sink = len(durations) - 1
    ends = _Ends(sink, durations, dict(lags))
    for node in range(1, sink):
        ends.tighten(0, node, 0)
        ends.tighten(node, sink, durations[node])
    for knot in [node for node in range(1, sink) if not durations[node]]:
        _join(ends, knot)
    jobs = [node for node in range(1, sink) if durations[node]]
    horizon_slots = _horizon(ends, [0, *jobs, sink])
    keeps_sink = _has_say(ends, jobs)
    if keeps_sink:
        _spare(ends, jobs)
        jobs.append(sink)
        horizon_slots += 1
    windows = _windows(ends, jobs, keeps_sink, horizon_slots)
    kept = set(jobs)
    inner = {
        pair: lag
        for pair, lag in ends.lags.items()
        # Lags below any horizon say nothing.
        if pair[0] != pair[1] and kept.issuperset(pair) and lag >= -LARGEST_SLOT
    }
    return Net(jobs, inner, windows, keeps_sink, horizon_slots)


def precedences(net: Net) -> tuple[Precedence, ...]:
    """Return one precedence for each pair of jobs with a lag, from start to start, so that none form a cycle.

    The earlier action of each is the one that comes first in an order in which, as far as possible, positive lags and
    then lags of 0 lead forwards. A pair whose least distance is larger than its greatest becomes two precedences.
    """
    place = {job: rank for rank, job in enumerate(_order(net))}
    action_of = {job: action for action, job in enumerate(net.jobs)}
    pairs = sorted({(min(pair, key=place.__getitem__), max(pair, key=place.__getitem__)) for pair in net.lags})
    result = []
    for before, after in pairs:
        least = net.lags.get((before, after), -LARGEST_SLOT)
        back = net.lags.get((after, before))
        actions = (action_of[before], action_of[after])
        if back is not None and -back < least:
            result.append(Precedence(*actions, least, None, Anchor.START))
            least = -LARGEST_SLOT
        result.append(Precedence(*actions, least, None if back is None else -back, Anchor.START))
    return tuple(result)


def _join(ends: _Ends, knot: int) -> None:
    """Leave a node out: each lag that leads to it is joined to each that leaves it."""
    into = [(before, lag) for (before, after), lag in ends.lags.items() if after == knot and before != knot]
    out = [(after, lag) for (before, after), lag in ends.lags.items() if before == knot and after != knot]
    loop = ends.lags.get((knot, knot), 0)
    for pair in [pair for pair in ends.lags if knot in pair]:
        del ends.lags[pair]
    if loop > 0:
        # It would have to start after itself, and so there is no schedule at all.
        ends.tighten(0, 0, loop)
    for before, first in into:
        for after, second in out:
            ends.tighten(before, after, first + second)


def _horizon(ends: _Ends, nodes: list[int]) -> int:
    longest = {node: ends.durations[node] for node in nodes}
    for (before, after), lag in ends.lags.items():
        if before != after:
            longest[before] = max(longest[before], lag)
    return sum(longest.values())


def _has_say(ends: _Ends, jobs: list[int]) -> bool:
    """Whether the sink says more than that the project ends with its last job, or by a certain slot."""
    sink = ends.sink
    if any((sink, job) in ends.lags or ends.lags[job, sink] > ends.durations[job] for job in jobs):
        return True
    earliest_end = max(ends.lags[0, job] + ends.durations[job] for job in jobs)
    return ends.lags.get((0, sink), 0) > earliest_end


def _spare(ends: _Ends, jobs: list[int]) -> None:
    """Drop lags to the sink that follow from another: that of a job which starts later and ends no earlier."""
    implied = set()
    for (before, after), lag in ends.lags.items():
        is_between_jobs = before != after and before in range(1, ends.sink) and after in range(1, ends.sink)
        # Only positive lags are followed: in circles of others, each job would be spared for the next.
        if is_between_jobs and lag > 0 and lag + ends.durations[after] >= ends.lags[before, ends.sink]:
            implied.add(before)
    for job in jobs:
        if job in implied:
            del ends.lags[job, ends.sink]


def _windows(ends: _Ends, jobs: list[int], keeps_sink: bool, horizon_slots: int) -> dict[int, tuple[int, int]]:
    """Return where each job may lie: after its lag from the source, before its lag to the source ends."""
    sink, lags = ends.sink, ends.lags
    is_impossible = lags.get((0, 0), 0) > 0 or lags.get((sink, sink), 0) > 0
    # A lag from the sink to the source: the slot by which the whole project has ended.
    last_end = horizon_slots if keeps_sink or (sink, 0) not in lags else -lags[sink, 0]
    windows = {}
    for job in jobs:
        duration_slots = 1 if job == sink else ends.durations[job]
        latest_start = -lags[job, 0] if (job, 0) in lags else horizon_slots
        until = min(horizon_slots, last_end, latest_start + duration_slots)
        never = is_impossible or lags.get((job, job), 0) > 0
        windows[job] = (0, 0) if never else (lags.get((0, job), 0), until)
    return windows


def _order(net: Net) -> list[int]:
    """Return the jobs so that positive lags lead forwards, where they form no cycle, and lags of 0 if possible."""
    forward: dict[int, list[tuple[int, bool]]] = {job: [] for job in net.jobs}
    # Of each job, how many that are not placed yet lead to it, by a positive lag and by one of 0.
    waits = {job: [0, 0] for job in net.jobs}
    for (before, after), lag in net.lags.items():
        if lag >= 0:
            forward[before].append((after, lag == 0))
            waits[after][lag == 0] += 1
    queue = [(*waits[job], job) for job in net.jobs]
    heapq.heapify(queue)
    order: list[int] = []
    placed: set[int] = set()
    while queue:
        positive, zero, job = heapq.heappop(queue)
        if job in placed or [positive, zero] != waits[job]:
            continue
        placed.add(job)
        order.append(job)
        for after, is_zero in forward[job]:
            waits[after][is_zero] -= 1
            if after not in placed:
                heapq.heappush(queue, (*waits[after], after))
    return order
