"""Load: files into the graph, whole or not at all.

First every row of every file is checked and staged on disk, and every reference is settled; one bad row and nothing
is written. Then up to `ONE_TRANSACTION_ROWS` rows land in one transaction; more land in journaled batches, which a
crash leaves to be finished by `resume`: the next start does it, and until then the service is not ready.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from opsplan.exchange import journal
from opsplan.exchange.formats import FORMATS, noun_of_name, read_rows
from opsplan.exchange.formats.row import NotRead
from opsplan.exchange.journal import JobState, LoadJob
from opsplan.exchange.staging import MOST_PROBLEMS, BadRow, Staging, Wanted
from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.statistics import MANY_ROWS, count_anew
from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.writing import Laws, Writing, write
from opsplan.records.writing.keys import match_external_id
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.errors import Invalid, OutOfMemory, SetupError, StateConflict
from opsplan.vocabulary.ids import mint, prefix_in
from opsplan.vocabulary.sentences import say

ONE_TRANSACTION_ROWS = 50_000
BATCH_ROWS = 10_000
_LOOK_UP = 5_000
_TRANSACTION_SECONDS = 600.0

Rows = list[dict[str, Any]]

Told = Callable[[str, int, int], None]
"""Told of progress: what is being done, how many of how many (0 when unknown)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows by noun, and rows by outcome (CREATED, CHANGED, UNCHANGED)."""

    rows: dict[str, int]
    outcomes: dict[str, int]
    job_id: str | None = None


class BadRows(Invalid):
    """A load was refused for its rows; `facts["rows"]` has them."""

    code = "BAD_ROWS"


FIND_RECORDS = Query(
    "exchange.find_records",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (n:Record {id: id}) WHERE n.retired_at IS NULL
    RETURN id
    """,
)
FIND_REFERENCES = Query(
    "exchange.find_reference_ids",
    Mode.READ,
    "UNWIND $ids AS id MATCH (n:Reference {id: id}) RETURN id",
)
FIND_AGENCIES = Query(
    "exchange.find_agency_codes",
    Mode.READ,
    "UNWIND $codes AS code MATCH (n:Agency {code: code}) WHERE n.retired_at IS NULL RETURN code",
)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Give the files to load: those named, and in a folder all that a format reads, by name."""
    found: list[Path] = []
    for path in paths:
        found.extend(
            sorted(each for each in path.iterdir() if each.suffix.lower() in FORMATS) if path.is_dir() else [path]
        )
    return found


def stage(catalogue: Catalogue, paths: Sequence[Path], at: Path, owner: str | None, told: Told) -> Staging:
    """Read and check every row of `paths` into a staging file at `at`.

    Raises
    ------
    BadRows
        With the first `MOST_PROBLEMS` bad rows.
    """
    staging = Staging(at, catalogue, owner)
    bad: list[BadRow] = []
    seen = 0
    for path in files_in(paths):
        of_file = noun_of_name(catalogue, path.stem)
        try:
            for row in read_rows(path):
                noun = noun_of_name(catalogue, row.noun) if row.noun else of_file
                if noun is None:
                    named = row.noun or path.stem
                    bad.append(
                        BadRow(
                            str(path),
                            row.line,
                            "noun",
                            named,
                            say("{named!r} names no noun", named=named),
                            say(
                                "name the file or a member noun after one, such as compound.jsonl; see opsplan template"
                            ),
                        )
                    )
                else:
                    bad.extend(staging.add(noun, str(path), row.line, dict(row.values)))
                seen += 1
                if seen % 1000 == 0:
                    told("checking", seen, 0)
                if len(bad) >= MOST_PROBLEMS:
                    raise _bad_rows(bad)
        except BadRows:
            raise
        except NotRead as broken:
            bad.append(BadRow(str(path), 0, "", None, broken.what, broken.remedy))
    if bad:
        raise _bad_rows(bad)
    told("checking", seen, seen)
    return staging


async def settle(graph: Graph, catalogue: Catalogue, staging: Staging) -> None:
    """See that each reference that no row answers names a record in the graph.

    Raises
    ------
    BadRows
        With the references that name nothing.
    """
    bad: list[BadRow] = []
    for group in _groups(staging.unanswered()):
        missing = await _missing(graph, catalogue, group)
        bad.extend(
            BadRow(
                each.file,
                each.line,
                each.field,
                each.key,
                say("{key!r} names no {targets:or} in these files or the graph", key=each.key, targets=each.targets),
                say("load it too, before or together with this row, or mend the reference"),
            )
            for each in missing
        )
        if len(bad) >= MOST_PROBLEMS:
            break
    if bad:
        raise _bad_rows(bad)


def _groups(wanted: Iterator[Wanted]) -> Iterator[list[Wanted]]:
    group: list[Wanted] = []
    for each in wanted:
        group.append(each)
        if len(group) == _LOOK_UP:
            yield group
            group = []
    if group:
        yield group


async def _missing(graph: Graph, catalogue: Catalogue, wanted: Sequence[Wanted]) -> list[Wanted]:
    async def work(tx: Tx) -> set[str]:
        ids = [each.key for each in wanted if prefix_in(each.key)]
        found = {row["id"] for row in await tx.run(FIND_RECORDS, ids=ids)}
        found |= {row["id"] for row in await tx.run(FIND_REFERENCES, ids=ids)}
        codes = [each.key for each in wanted if not prefix_in(each.key) and "/" not in each.key]
        found |= {row["code"] for row in await tx.run(FIND_AGENCIES, codes=codes)}
        for noun in sorted({target for each in wanted if "/" in each.key for target in each.targets}):
            pairs = [
                {"key": each.key, "owner": each.key.partition("/")[0], "external_id": each.key.partition("/")[2]}
                for each in wanted
                if "/" in each.key and noun in each.targets
            ]
            found |= {row["key"] for row in await tx.run(_find_external(catalogue[noun]), pairs=pairs)}
        return found

    found = await graph.read(work)
    return [each for each in wanted if each.key not in found]


def _find_external(noun: Noun) -> Query:
    return Query(
        f"exchange.find_external_{noun.name}",
        Mode.READ,
        "UNWIND $pairs AS pair MATCH (owner:Agency {code: pair.owner})\n"
        f"{match_external_id(noun, 'owner.id', 'pair.external_id')} WHERE n.retired_at IS NULL\n"
        "RETURN pair.key AS key",
    )


async def load(
    graph: Graph,
    laws: Laws,
    actor: Actor,
    clock: Clock,
    paths: Sequence[Path],
    *,
    folder: Path,
    owner: str | None = None,
    told: Told = lambda *_: None,
    one_transaction_rows: int = ONE_TRANSACTION_ROWS,
    batch_rows: int = BATCH_ROWS,
) -> Loaded:
    """Load files (or folders of them): all rows or none up to `one_transaction_rows`, journaled batches beyond.

    Parameters
    ----------
    graph, laws, actor, clock
        Where to, the catalogue with its rules, who loads, the time.
    paths
        Files, or folders of files, in any order: nouns are loaded in the order of their references.
    folder
        Where staging files are kept while a load is under way.
    owner
        Code or id of the agency that owns rows which name no owner.
    told
        Called with progress.

    Raises
    ------
    BadRows
        Nothing was written; `facts["rows"]` lists `BadRow`.
    StateConflict
        When another load is unfinished: it must be finished first, or rows could be written over by its rest.
    """
    if unfinished := await journal.jobs(graph):
        raise StateConflict(
            say(
                "Load {id} is unfinished ({done} of {batches} batches are in); finish it first with: "
                "opsplan load --resume",
                id=unfinished[0].id,
                done=unfinished[0].done,
                batches=unfinished[0].batches,
            ),
            field="load",
            value=unfinished[0].id,
            remedy=say("opsplan load --resume"),
        )
    job_id = mint("Load")
    await anyio.Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    at = folder / f"{job_id}.sqlite"
    in_batches = False
    try:
        staging = await anyio.to_thread.run_sync(lambda: stage(laws.catalogue, paths, at, owner, told))
        await settle(graph, laws.catalogue, staging)
        staging.finish(actor=actor.subject)
        counts = staging.counts()
        total = sum(counts.values())
        if total <= one_transaction_rows:
            outcomes = await _at_once(graph, laws, actor, clock, staging, job_id, told, total)
            if total >= MANY_ROWS:
                await count_anew(graph)
            return Loaded(counts, outcomes)
        # From here on the file is the journal's other half: whatever happens, it stays until the job is done.
        in_batches = True
        batches = sum(-(-count // batch_rows) for count in counts.values())
        job = LoadJob(job_id, JobState.RUNNING, batches, batch_rows, 0, total, str(at), instant_text(clock()))
        await journal.begin(graph, job)
        return Loaded(counts, await _go_on(graph, laws, actor, clock, staging, job, told), job_id)
    finally:
        if not in_batches:
            at.unlink(missing_ok=True)


async def resume(graph: Graph, laws: Laws, actor: Actor, clock: Clock, *, told: Told = lambda *_: None) -> list[Loaded]:
    """Finish the loads that a crash left unfinished; gives what each did.

    Raises
    ------
    SetupError
        When the staging file of one is not on this machine.
    """
    finished = []
    for job in await journal.jobs(graph):
        path = Path(job.staging)
        if not await anyio.Path(path).exists():
            raise SetupError(
                say(
                    "Load {job_id} is unfinished and its file {path} is not on this machine. Resume it on "
                    "the one that began it. If that is lost: opsplan load --forget ID, then load the same "
                    "files again; rows that are in already are recognised by their external ids.",
                    job_id=job.id,
                    path=path,
                ),
                field="load",
                value=job.id,
                remedy=say("opsplan load --resume on the machine that began it"),
            )
        staging = Staging(path, laws.catalogue, None)
        finished.append(Loaded(staging.counts(), await _go_on(graph, laws, actor, clock, staging, job, told), job.id))
    return finished


async def _at_once(
    graph: Graph,
    laws: Laws,
    actor: Actor,
    clock: Clock,
    staging: Staging,
    job_id: str,
    told: Told,
    total: int,
) -> dict[str, int]:
    async def work(writing: Writing) -> dict[str, int]:
        outcomes: dict[str, int] = {}
        done = 0
        for _, noun, rows in staging.batches(BATCH_ROWS):
            for each in await writing.upsert(noun, rows):
                outcomes[each.outcome] = outcomes.get(each.outcome, 0) + 1
            done += len(rows)
            told("writing", done, total)
        return outcomes

    try:
        return await write(
            graph, actor, clock, work, laws=laws, request_id=job_id, reason="load", timeout_s=_TRANSACTION_SECONDS
        )
    except OutOfMemory as failure:
        raise OutOfMemory(
            say(
                "{total:,} rows in one transaction take more memory than the server gives to one; nothing was loaded.",
                total=total,
            ),
            remedy=say(
                "load with --batches, or give the server more: OPSPLAN_NEO4J_HEAP_MB, and on a server of "
                "your own db.memory.transaction.max"
            ),
        ) from failure


async def _go_on(
    graph: Graph, laws: Laws, actor: Actor, clock: Clock, staging: Staging, job: LoadJob, told: Told
) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    for number, noun, rows in staging.batches(job.batch_rows, skip=job.done):

        async def work(writing: Writing, noun: Noun = noun, rows: Rows = rows, number: int = number) -> list[str]:
            if not await journal.move_on(writing.tx, job.id, number):
                return []
            return [str(each.outcome) for each in await writing.upsert(noun, rows)]

        for outcome in await write(
            graph, actor, clock, work, laws=laws, request_id=job.id, reason="load", timeout_s=_TRANSACTION_SECONDS
        ):
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
        told("writing", min(number * job.batch_rows, job.rows), job.rows)
    staging.close()
    staging.path.unlink(missing_ok=True)
    await count_anew(graph)
    return outcomes


def _bad_rows(bad: Sequence[BadRow]) -> BadRows:
    count = len(bad)
    if all(each.line for each in bad):
        what = say("{count} bad rows", count=count) if count != 1 else say("1 bad row")
    else:
        what = say("{count} problems", count=count) if count != 1 else say("1 problem")
    if count >= MOST_PROBLEMS:
        what = say("{what} (the first {count} are shown)", what=what, count=count)
    return BadRows(
        say("{what}; nothing was loaded. First: {first}", what=what, first=bad[0].sentence),
        field=bad[0].place,
        value=bad[0].value,
        remedy=bad[0].remedy,
        rows=tuple(bad),
    )
