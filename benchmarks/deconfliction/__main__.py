"""Deconfliction: claims loaded, checked and committed beside PostGIS, and a hot spot that all want at once.

``python -m benchmarks.deconfliction`` loads the same claims into the graph and into PostGIS, size by size; asks at
each size one check per call of both sides in turns, and compares all answers; commits claims all over the world with 1,
8 and 64 writers; and then has 64 writers over two processes of the service claim one area, each against five to ten
live claims of others, while subscribers and a reader of the feed listen. In the end everything is counted.

The last line is ``deconfliction: flat=… postgis=… hotspot_per_s=… p95_ms=… lost=…``: p50 of a check at the largest size
over that at the smallest, and over PostGIS' at the largest; claims let in a second at the hot spot, in how many
milliseconds 95 of 100 were, and how much was lost or doubled. `--quick` tries it on few claims.
"""

import argparse
import math
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.deconfliction import postgres
from benchmarks.deconfliction.agencies import enrol
from benchmarks.deconfliction.checking import check_all
from benchmarks.deconfliction.claims import AGENCIES, checks, claim_of, claims
from benchmarks.deconfliction.committing import commit_all
from benchmarks.deconfliction.counting import count_all
from benchmarks.deconfliction.hot_claims import GROUND_AGENCY, PLACES, Places, ground
from benchmarks.deconfliction.hot_spot import put_ground, write_hot
from benchmarks.deconfliction.ours import Ours
from benchmarks.deconfliction.service import Apis, apis
from benchmarks.deconfliction.table import Loaded, Result, last_line, tables
from benchmarks.deconfliction.through import Through, agency_code, tokens_of
from benchmarks.deconfliction.watching import watching
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.open import open_graph
from opsplan.main.loop import run
from opsplan.web.logs import set_up

if TYPE_CHECKING:
    from benchmarks.deconfliction.theirs import Theirs
    from opsplan.graph.driver import Graph

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_WRITERS = (1, 8, 64)
_HOT_WRITERS = 64
_OPEN_SPELLS = 32
_WARM_S = 45.0
"""How long the hot spot is written before it is measured."""
_WARM_CHECKS_S = 15.0
"""How long checks are asked before the first are measured."""
_MOST_HOT_PER_S = 300
"""Claims of the hot spot are laid out for so many a second; faster than that, it ends before its time."""
_SUBSCRIBERS = 4
_ROUNDS = 2
_BATCH = 5_000
_SEED = 1


class _Shown:
    """The live progress: what is being done, and for how long."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=not console.is_terminal,
            # Drawn between measurements alone: drawing takes time from what is measured.
            auto_refresh=False,
        )

    def __enter__(self) -> "_Shown":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @contextmanager
    def stage(self, what: str, total: float) -> Iterator["_Stage"]:
        """Show one stage while the block runs."""
        task = self._progress.add_task(what, total=total)
        self._progress.refresh()
        yield _Stage(self._progress, task)
        self._progress.update(task, completed=total)
        self._progress.refresh()


class _Stage:
    def __init__(self, progress: Progress, task: object) -> None:
        self._progress, self._task = progress, task

    def at(self, done: float) -> None:
        """Show how far it is."""
        self._progress.update(self._task, completed=done)  # type: ignore[arg-type]
        self._progress.refresh()


async def _measure(
    graph: "Graph", two: Apis, theirs: "Theirs | None", given: argparse.Namespace, shown: _Shown
) -> Result:
    result = Result()
    agency_ids = await enrol(graph, [agency_code(number) for number in range(AGENCIES)])
    ours, tokens = Ours(graph, agency_ids), tokens_of(two)
    await _by_sizes(ours, theirs, Through(two, 0, tokens), given, shown, result)
    await _commits(ours, theirs, two, tokens, given, shown, result)
    if given.hot_seconds > 0:
        await _hot_spot(graph, two, given, shown, result)
    return result


async def _by_sizes(
    ours: Ours,
    theirs: "Theirs | None",
    through: Through,
    given: argparse.Namespace,
    shown: _Shown,
    result: Result,
) -> None:
    """Load size by size, and check at each."""
    before = 0
    for size in given.sizes:
        with shown.stage(f"load {size:,}", size - before) as stage:
            ours_s = theirs_s = 0.0
            drawn = claims(before, size, _SEED)
            with theirs.loading() if theirs is not None else ExitStack():
                while batch := list(islice(drawn, _BATCH)):
                    begun = time.perf_counter()
                    await ours.load(batch)
                    ours_s += time.perf_counter() - begun
                    begun = time.perf_counter()
                    if theirs is not None:
                        theirs.load(batch)
                    theirs_s += time.perf_counter() - begun
                    stage.at(batch[-1].number + 1 - before)
                begun = time.perf_counter()
            theirs_s += time.perf_counter() - begun
            result.loaded.append(Loaded(size, size - before, ours_s, None if theirs is None else theirs_s))
        with shown.stage(f"check at {size:,}", 2):
            asked = checks(given.checks, size, _SEED)
            if not before and not given.quick:
                # Else the smallest size would be measured on a server that still compiles itself.
                warm_until = time.perf_counter() + _WARM_CHECKS_S
                while time.perf_counter() < warm_until:
                    for each in asked:
                        await ours.check(each)
            checked = await check_all(size, asked, lambda each: claim_of(each, _SEED), ours, theirs, _ROUNDS)
            # Only what is refused leaves no claim behind, so that the sides keep having the same ones.
            refused = [each for each in asked if await ours.check(each)]
            for number in range(2):
                for each in refused:
                    begun = time.perf_counter()
                    assert await through.commit(each, ())
                    if number:
                        checked.graphql.append(time.perf_counter() - begun)
            result.checked.append(checked)
        before = size
    through.close()


async def _commits(
    ours: Ours,
    theirs: "Theirs | None",
    two: Apis,
    tokens: Sequence[str],
    given: argparse.Namespace,
    shown: _Shown,
    result: Result,
) -> None:
    """Commit all over the world, each side with 1, 8 and 64 writers."""
    size, seconds = given.sizes[-1], given.commit_seconds
    for writers in _WRITERS if seconds > 0 else ():
        with shown.stage(f"commit, {writers} writers", 3) as stage:
            # Every side gets the same claims, which are drawn before.
            drawn = checks(20_000, size, _SEED + writers)
            result.commits.append(await commit_all("store", [ours.commit] * writers, iter(drawn), seconds))
            stage.at(1)
            through = [Through(two, number, tokens) for number in range(writers)]
            result.commits.append(
                await commit_all("GraphQL", [each.commit for each in through], iter(drawn[10_000:]), seconds)
            )
            for each in through:
                each.close()
            stage.at(2)
            if theirs is not None:
                async with theirs.writers(writers) as commits:
                    result.commits.append(await commit_all("PostGIS", commits, iter(drawn), seconds))


async def _hot_spot(graph: "Graph", two: Apis, given: argparse.Namespace, shown: _Shown, result: Result) -> None:
    """Have all writers want one area, listen, and count in the end."""
    spells = math.ceil((given.warm_seconds + given.hot_seconds) * _MOST_HOT_PER_S / PLACES) + _OPEN_SPELLS
    agencies = [f"EX-H{number:03}" for number in range(_HOT_WRITERS)]
    with shown.stage("lay out the hot spot", 1):
        await enrol(graph, [*agencies, GROUND_AGENCY])
        await put_ground(two, ground(range(spells), _SEED))
    with shown.stage("hot spot", given.warm_seconds + given.hot_seconds) as stage:
        begun = time.perf_counter()
        async with watching(two, agencies[:_SUBSCRIBERS], GROUND_AGENCY) as watched:
            places = Places(spells, _OPEN_SPELLS, _SEED)
            result.hot = await write_hot(
                two,
                agencies,
                places,
                warm_s=given.warm_seconds,
                seconds=given.hot_seconds,
                when_warm=watched.forget_delays,
                tell=lambda _: stage.at(time.perf_counter() - begun),
            )
    result.watched = watched
    with shown.stage("count", 1):
        result.count = await count_all(graph, result.hot, watched)


def main() -> int:
    """Run it, print the tables and the last line; 1 when anything was lost, or a writer waited too long."""
    given = _arguments()
    # A terminated benchmark unwinds, and so ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    set_up("error")
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 150)
    with ExitStack() as stack:
        shown = stack.enter_context(_Shown(console))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opsplan-bench-")))
        theirs = _theirs(stack, console) if given.postgis else None
        options = LocalServerOptions(data_dir=folder / "graph", page_cache_mb=postgres.CACHE_MB, console=console)
        server = stack.enter_context(start_server(options))

        async def whole() -> Result:
            async with open_graph(server.address) as graph:
                with apis(server.address, 2, folder / "apis") as two:
                    return await _measure(graph, two, theirs, given, shown)

        result = run(whole())
    out = Console(width=None if sys.stdout.isatty() else 150)
    for table in tables(result):
        out.print(table)
    print(last_line(result))
    return _verdict(result)


def _theirs(stack: ExitStack, console: Console) -> "Theirs | None":
    """Run PostGIS; None, and a sentence, where it or its driver is not installed."""
    programs = postgres.programs()
    if programs is None:
        console.print(postgres.MISSING)
        return None
    try:
        from benchmarks.deconfliction.theirs import Theirs
    except ModuleNotFoundError:
        console.print(
            "PostgreSQL's driver is not installed, so nothing is compared with PostGIS; `make bench-deconfliction` "
            "installs it."
        )
        return None
    # A folder of its own: whom it is run as may not enter others of this user.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opsplan-bench-postgres-")))
    theirs = Theirs(stack.enter_context(postgres.postgres(programs, folder)))
    stack.callback(theirs.close)
    return theirs


def _verdict(result: Result) -> int:
    if result.hot is None or result.count is None:
        return 0
    longest_s = max((each.seconds for each in result.hot.warm), default=0.0)
    return int(result.count.lost > 0 or longest_s > 5.0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(_SIZES), help="numbers of claims, in rising order; 1,000 at least"
    )
    parser.add_argument("--checks", type=int, default=500, help="checks at each size; each is asked three times")
    parser.add_argument("--commit-seconds", type=float, default=5.0, help="seconds for each side and number of writers")
    parser.add_argument("--hot-seconds", type=float, default=60.0, help="seconds of the hot spot; 0 leaves it out")
    parser.add_argument("--warm-seconds", type=float, default=_WARM_S, help="seconds of the hot spot before that")
    parser.add_argument("--no-postgis", dest="postgis", action="store_false", help="leave PostGIS out")
    parser.add_argument("--quick", action="store_true", help="few claims and short stages, to try it")
    given = parser.parse_args()
    if given.quick:
        given.warm_seconds = 3.0
        given.sizes, given.checks, given.commit_seconds, given.hot_seconds = [1_000, 3_000], 50, 1.0, 5.0
    if given.sizes != sorted(set(given.sizes)) or given.sizes[0] < 1_000:
        parser.error("--sizes: give rising numbers, 1,000 at least")
    return given


if __name__ == "__main__":
    sys.exit(main())
