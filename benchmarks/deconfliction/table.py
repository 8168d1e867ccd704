"""What was found, as tables and as the last line."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.table import Table

from benchmarks.deconfliction.checking import Checked
from benchmarks.deconfliction.committing import Commits
from benchmarks.deconfliction.counting import Count
from benchmarks.deconfliction.hot_spot import Hot
from benchmarks.deconfliction.watching import Watched

_NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Seconds that it took to come from the size before to this one, on each side; index and statistics included."""

    size: int
    rows: int
    ours_s: float
    theirs_s: float | None


@dataclass(slots=True)
class Result:
    """All that a run found; parts that were left out are empty or None."""

    loaded: list[Loaded] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    commits: list[Commits] = field(default_factory=list)
    hot: Hot | None = None
    watched: Watched | None = None
    count: Count | None = None


def rank(seconds: Sequence[float], share: float) -> float:
    """Give the milliseconds that so large a share took at most; 0 where there are none."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3 if ordered else 0.0


def tables(result: Result) -> list[Table]:
    """Give the tables of all that was measured."""
    return [
        each
        for each in (_loading(result), _checking(result), _committing(result), _hot_spot(result))
        if each is not None
    ]


def last_line(result: Result) -> str:
    """Give the line for programs: p50 of the largest size over that of the smallest, and over PostGIS'."""
    first, last = (result.checked[0], result.checked[-1]) if result.checked else (None, None)
    flat = postgis = _NOTHING
    if first is not None and last is not None:
        flat = f"{rank(last.ours, 0.5) / rank(first.ours, 0.5):.2f}"
        if last.theirs:
            postgis = f"{rank(last.ours, 0.5) / rank(last.theirs, 0.5):.2f}"
    per_s = p95_ms = lost = _NOTHING
    if result.hot is not None and result.count is not None:
        per_s = f"{result.hot.per_s:.0f}"
        p95_ms = f"{rank([each.seconds for each in result.hot.warm], 0.95):.0f}"
        lost = str(result.count.lost)
    return f"deconfliction: flat={flat} postgis={postgis} hotspot_per_s={per_s} p95_ms={p95_ms} lost={lost}"


def _loading(result: Result) -> Table | None:
    if not result.loaded:
        return None
    table = _table("Loading", "claims", "claims/s opsplan", "claims/s PostGIS")
    for each in result.loaded:
        theirs = "" if each.theirs_s is None else f"{each.rows / each.theirs_s:,.0f}"
        table.add_row(f"{each.size:,}", f"{each.rows / each.ours_s:,.0f}", theirs)
    return table


def _checking(result: Result) -> Table | None:
    if not result.checked:
        return None
    heads = ("p50 opsplan", "p95", "p50 PostGIS", "p95", "÷ PostGIS", "p50 GraphQL, refused", "met", "at the limit")
    table = _table("Checking, one in a call, milliseconds", "claims", *heads, "differ by at most, m")
    for each in result.checked:
        theirs = ["", "", ""]
        if each.theirs:
            ratio = rank(each.ours, 0.5) / rank(each.theirs, 0.5)
            theirs = [f"{rank(each.theirs, 0.5):.2f}", f"{rank(each.theirs, 0.95):.2f}", f"{ratio:.2f}"]
        table.add_row(
            f"{each.size:,}",
            f"{rank(each.ours, 0.5):.2f}",
            f"{rank(each.ours, 0.95):.2f}",
            *theirs,
            f"{rank(each.graphql, 0.5):.2f}" if each.graphql else "",
            f"{each.met:,}",
            f"{each.at_the_limit:,}",
            f"{each.farthest_m:.4f}",
        )
    return table


def _committing(result: Result) -> Table | None:
    if not result.commits:
        return None
    table = _table("Committing all over the world", "side", "writers", "commits/s", "p50 ms", "p95 ms", "attempts each")
    for each in result.commits:
        table.add_row(
            each.side,
            str(each.writers),
            f"{each.per_s:,.0f}",
            f"{rank(each.seconds, 0.5):,.1f}",
            f"{rank(each.seconds, 0.95):,.1f}",
            f"{each.attempts / len(each.seconds):.2f}",
        )
    return table


def _hot_spot(result: Result) -> Table | None:
    hot, watched, count = result.hot, result.watched, result.count
    if hot is None or watched is None or count is None:
        return None
    table = _table("Hot spot: one area, two processes", "what", "figure")
    seconds = [each.seconds for each in hot.warm]
    met = [each.met for each in hot.warm]
    for what, figure in (
        ("claims let in a second", f"{hot.per_s:.1f}"),
        ("claims let in", f"{hot.let_in:,} in {hot.seconds:.0f} s, {len(hot.committed):,} in all"),
        ("attempts for each", f"{sum(each.attempts for each in hot.warm) / max(1, len(hot.warm)):.2f}"),
        ("claims of others that each met", f"{min(met, default=0)} to {max(met, default=0)}"),
        ("until let in, ms: p50, p95", f"{rank(seconds, 0.5):,.0f}, {rank(seconds, 0.95):,.0f}"),
        ("longest wait of a writer, ms", f"{max(seconds, default=0.0) * 1e3:,.0f}"),
        ("notices told, ms late: p50, p95", f"{rank(watched.seconds, 0.5):,.0f}, {rank(watched.seconds, 0.95):,.0f}"),
        ("conflicts, notices, told to readers", f"{count.conflicts:,}, {count.notices:,}, {count.told:,}"),
        ("answers of other kinds", str(hot.refused or _NOTHING)),
        ("lost or doubled", "; ".join(f"{many} {fault}" for many, fault in count.wrong) or _NOTHING),
    ):
        table.add_row(what, figure)
    return table


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left")
    for at, head in enumerate(heads):
        table.add_column(head, justify="left" if at == 0 else "right")
    return table
