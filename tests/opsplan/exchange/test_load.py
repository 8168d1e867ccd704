"""Loads land whole or not at all, say what is wrong, change nothing twice, and survive a kill."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opsplan.exchange import journal
from opsplan.exchange.export import export
from opsplan.exchange.journal import JobState, LoadJob
from opsplan.exchange.load import BadRows, Loaded, load, resume
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.vocabulary.clock import FrozenClock
from opsplan.vocabulary.errors import Invalid, OutOfMemory, SetupError, StateConflict
from tests.opsplan.exchange.conftest import LOADER, WriteFile

CLOCK = FrozenClock(datetime(2026, 11, 1, tzinfo=UTC))
AGENCY = {"code": "KH-NCB", "external_id": "KH-NCB", "name": "EXERCISE Bureau", "kind": "NCB", "country": "KH"}
DE_AGENCY = {"code": "DE-NCB", "external_id": "DE-NCB", "name": "EXERCISE Amt", "kind": "NCB", "country": "DE"}


def a_compound(number: int, **more: Any) -> dict[str, Any]:
    return {
        "external_id": f"C-{number}",
        "owner": "KH-NCB",
        "name": f"EXERCISE Court {number}",
        "location": {"longitude": 104.9 + number / 1e6, "latitude": 11.6},
        **more,
    }


async def loaded(graph: Graph, folder: Path, *paths: Path, **options: Any) -> Loaded:
    return await load(graph, LAWS, LOADER, CLOCK, paths, folder=folder, **options)


async def count(graph: Graph, label: str) -> int:
    rows = await graph.read_rows(f"MATCH (n:{label}) RETURN count(n)")
    return int(rows[0][0])


async def test_references_resolve_whatever_the_order_of_files(
    world: Graph, tmp_path: Path, write_file: WriteFile
) -> None:
    """A link is loaded with the target and the compound that it joins, though its file comes first."""
    files = [
        write_file(
            "link.jsonl",
            [{"external_id": "L", "owner": "KH-NCB", "kind": "OPERATES", "from": "/T", "to": "KH-NCB/C-1"}],
        ),
        write_file(
            "target.jsonl",
            [
                {
                    "external_id": "T",
                    "owner": "KH-NCB",
                    "kind": "PERSON",
                    "name": "EXERCISE Quill",
                    "nationalities": ["DE", "TH"],
                }
            ],
        ),
        write_file("compound.jsonl", [a_compound(1)]),
        write_file("agency.jsonl", [AGENCY]),
    ]
    done = await loaded(world, tmp_path / "loads", *files)
    assert done.rows == {"Agency": 1, "Compound": 1, "Target": 1, "Link": 1}
    assert done.outcomes == {"CREATED": 4}
    joined = await world.read_rows(
        "MATCH (:Target)<-[:LINKS_FROM]-(:Link)-[:LINKS_TO]->(c:Compound) RETURN c.external_id"
    )
    assert joined == [["C-1"]]
    assert list((tmp_path / "loads").iterdir()) == []


async def test_a_second_load_changes_nothing_and_a_changed_row_only_itself(
    world: Graph, tmp_path: Path, write_file: WriteFile
) -> None:
    """Loading the same file twice is no change; a changed value changes one record."""
    agency, compounds = write_file("agency.jsonl", [AGENCY]), [a_compound(number) for number in range(20)]
    await loaded(world, tmp_path / "loads", agency, write_file("compound.jsonl", compounds))
    again = await loaded(world, tmp_path / "loads", agency, write_file("compound.jsonl", compounds))
    assert again.outcomes == {"UNCHANGED": 21}
    compounds[3]["capacity"] = 400
    changed = await loaded(world, tmp_path / "loads", write_file("compound.jsonl", compounds))
    assert changed.outcomes == {"UNCHANGED": 19, "CHANGED": 1}
    assert await count(world, "Compound") == 20


BAD: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("country", {"country": "UK"}, "country", "GB"),
    ("swapped", {"location": {"longitude": 11.6, "latitude": 104.9}}, "location", "swapped"),
    ("out_of_range", {"location": {"longitude": 200, "latitude": 1}}, "location", "longitude"),
    ("unknown_choice", {"status": "CONFIRMD"}, "status", "CONFIRMED"),
    ("unknown_column", {"capacty": 4}, "capacty", "capacity"),
    ("negative", {"capacity": -1}, "capacity", "0"),
    ("no_name", {"external_id": None}, "external_id", "external_id"),
    ("unknown_owner", {"owner": "XX-NCB"}, "owner", "load it too"),
]


@pytest.mark.parametrize(("wrong", "field", "says"), [pytest.param(*case[1:], id=case[0]) for case in BAD])
async def test_one_bad_row_stops_the_whole_load_case(
    world: Graph, tmp_path: Path, write_file: WriteFile, wrong: Mapping[str, Any], field: str, says: str
) -> None:
    """A bad row is named by file, line, field, value and remedy, and nothing of the load is written."""
    rows = [a_compound(1), a_compound(2), {**a_compound(3), **wrong}]
    files = write_file("agency.jsonl", [AGENCY]), write_file("compound.jsonl", rows)
    with pytest.raises(BadRows) as refused:
        await loaded(world, tmp_path / "loads", *files)
    (bad,) = refused.value.facts["rows"]
    assert (Path(bad.file).name, bad.line, bad.field) == ("compound.jsonl", 3, field)
    assert says in bad.sentence
    assert bad.remedy
    assert await count(world, "Record") == 0
    assert list((tmp_path / "loads").iterdir()) == []


async def test_all_bad_rows_are_told_at_once(world: Graph, tmp_path: Path, write_file: WriteFile) -> None:
    """Each bad row of each file is listed, doubled names and references to nothing included."""
    files = (
        write_file("agency.jsonl", [AGENCY]),
        write_file("compound.jsonl", [a_compound(1), a_compound(1), a_compound(2, capacity="many")]),
    )
    with pytest.raises(BadRows) as refused:
        await loaded(world, tmp_path / "loads", *files)
    assert [(bad.line, bad.field) for bad in refused.value.facts["rows"]] == [(2, "external_id"), (3, "capacity")]
    with pytest.raises(BadRows) as refused:
        await loaded(
            world,
            tmp_path / "loads",
            write_file("agency.jsonl", [AGENCY]),
            write_file(
                "link.jsonl", [{"external_id": "L", "owner": "KH-NCB", "kind": "OWNS", "from": "/A", "to": "/B"}]
            ),
        )
    assert sorted(bad.field for bad in refused.value.facts["rows"]) == ["from", "to"]


async def test_a_large_load_lands_in_batches_that_the_journal_counts(
    world: Graph, tmp_path: Path, write_file: WriteFile
) -> None:
    """Beyond one transaction's rows the load is a job with batches, done at its end, its file gone."""
    files = write_file("agency.jsonl", [AGENCY]), write_file("compound.jsonl", [a_compound(n) for n in range(250)])
    done = await loaded(world, tmp_path / "loads", *files, one_transaction_rows=100, batch_rows=100)
    assert done.outcomes == {"CREATED": 251}
    (job,) = await journal.jobs(world, finished=True)
    assert (job.state, job.batches, job.done, job.rows) == (JobState.DONE, 4, 4, 251)
    assert await journal.jobs(world) == []
    assert list((tmp_path / "loads").iterdir()) == []


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from opsplan.exchange.load import load
from opsplan.graph.address import GraphAddress
from opsplan.graph.open import open_graph
from opsplan.nouns import LAWS
from opsplan.vocabulary.clock import FrozenClock
from opsplan.vocabulary.actor import Actor, Role

async def main():
    uri, user, password, folder, after, *files = sys.argv[1:]
    def told(what, done, total):
        if what == "writing" and done >= int(after):
            os.kill(os.getpid(), signal.SIGKILL)
    async with open_graph(GraphAddress(uri, user, password)) as graph:
        await load(graph, LAWS, Actor("machine:test", roles=frozenset({Role.ADMINISTRATOR})),
                   FrozenClock(datetime(2026, 11, 1, tzinfo=UTC)), [Path(each) for each in files],
                   folder=Path(folder), told=told, one_transaction_rows=100, batch_rows=50)

asyncio.run(main())
"""


async def killed_load(address: GraphAddress, folder: Path, after: int, *files: Path) -> None:
    """Run a load in a process that kills itself (-9) once `after` rows are in."""
    arguments = [address.uri, address.user, address.password, str(folder), str(after), *map(str, files)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, *arguments)
    assert await process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("after", [100, 150, 250])
async def test_a_killed_load_is_finished_by_the_next_start(
    world: Graph, graph_server: GraphAddress, tmp_path: Path, write_file: WriteFile, after: int
) -> None:
    """After kill -9 between batches the job says so, a new load is refused, and resuming ends with each row once."""
    files = write_file("agency.jsonl", [AGENCY]), write_file("compound.jsonl", [a_compound(n) for n in range(300)])
    await killed_load(graph_server, tmp_path / "loads", after, *files)
    (job,) = await journal.jobs(world)
    assert 0 < job.done < job.batches
    half = await count(world, "Compound")
    assert 0 < half < 300
    with pytest.raises(StateConflict, match="--resume"):
        await loaded(world, tmp_path / "loads", *files)
    (done,) = await resume(world, LAWS, LOADER, CLOCK)
    assert done.outcomes == {"CREATED": 300 - half}
    assert await count(world, "Compound") == 300
    assert await journal.jobs(world) == []
    assert list((tmp_path / "loads").iterdir()) == []
    assert (await loaded(world, tmp_path / "loads", *files)).outcomes == {"UNCHANGED": 301}


async def test_two_that_finish_one_load_write_each_row_once(
    world: Graph, graph_server: GraphAddress, tmp_path: Path, write_file: WriteFile
) -> None:
    """Where two starts go on with one job at once, what both did adds up to what was missing."""
    files = write_file("agency.jsonl", [AGENCY]), write_file("compound.jsonl", [a_compound(n) for n in range(1_000)])
    await killed_load(graph_server, tmp_path / "loads", 100, *files)
    half = await count(world, "Compound")
    both = await asyncio.gather(*(resume(world, LAWS, LOADER, CLOCK) for _ in range(2)))
    outcomes = [done.outcomes for one in both for done in one]
    assert sum(each.get("CREATED", 0) for each in outcomes) == 1_000 - half
    assert all(each.keys() <= {"CREATED"} for each in outcomes)
    assert await count(world, "Compound") == 1_000
    assert await journal.jobs(world) == []


async def test_a_lost_file_is_told_and_can_be_given_up(world: Graph, tmp_path: Path) -> None:
    """A job whose staging file is gone is refused by name, and can be forgotten; its rows stay."""
    lost = str(tmp_path / "gone.sqlite")
    await journal.begin(world, LoadJob("load_1", JobState.RUNNING, 3, 50, 1, 150, lost, "2026-11-01T00:00:00.000Z"))
    with pytest.raises(SetupError, match="load_1"):
        await resume(world, LAWS, LOADER, CLOCK)
    assert await journal.forget(world, "load_1")
    assert not await journal.forget(world, "load_1")
    assert await resume(world, LAWS, LOADER, CLOCK) == []


async def content(graph: Graph) -> list[Any]:
    """Give every record in force with what users entered, and its relationships."""
    rows = await graph.read_rows(
        "MATCH (n:Record) WHERE n.retired_at IS NULL RETURN n.id, labels(n), properties(n), "
        "COLLECT { MATCH (n)-[tie]->(other) RETURN type(tie) + ' ' + other.id AS tie ORDER BY tie } ORDER BY n.id"
    )
    # What stands for a claim as it was committed is made anew with each commit.
    kept_apart = {"version", "created_at", "created_by", "changed_at", "changed_by", "key", "cover_key"}
    return [
        [row[0], sorted(row[1]), {name: value for name, value in row[2].items() if name not in kept_apart}, row[3]]
        for row in rows
    ]


def _taking_part(write_file: WriteFile) -> list[Path]:
    """Write files of an operation in which the German agency takes part with its unit."""
    frame = {"h_hour": "2026-12-01T04:00:00Z", "start": "2026-12-01T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
    desk = {"post": "EXERCISE Desk", "secure_channel": "I-24/7", "time_zone": "Europe/Berlin", "agency": "DE-NCB"}
    part = {"role": "CONTRIBUTOR", "operation": "KH-NCB/O", "agency": "DE-NCB"}
    shift = {"from_local": "08:00", "until_local": "08:00", "contact_point": "/D"}
    german = {"owner": "DE-NCB"}
    return [
        write_file("operation.jsonl", [{"external_id": "O", "owner": "KH-NCB", "code_name": "EXERCISE", **frame}]),
        write_file("contact_point.jsonl", [{"external_id": "D", **german, **desk}]),
        write_file("duty_shift.jsonl", [{"external_id": "S", **german, **shift}]),
        write_file("participant.jsonl", [{"external_id": "P", **german, **part}]),
        write_file("offer.jsonl", [{"external_id": "F", **german, "participant": "/P", "units": ["/U"]}]),
    ]


async def test_a_state_is_kept_by_what_is_restored_alone(world: Graph, tmp_path: Path, write_file: WriteFile) -> None:
    """A file cannot enter a new record in the middle of its course."""
    frame = {"h_hour": "2026-12-01T04:00:00Z", "start": "2026-12-01T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
    row = {"external_id": "O", "owner": "KH-NCB", "code_name": "EXERCISE", "state": "READY", **frame}
    files = [write_file("agency.jsonl", [AGENCY]), write_file("operation.jsonl", [row])]
    with pytest.raises(Invalid, match="only one that is restored by its id keeps a state"):
        await loaded(world, tmp_path / "loads", *files)
    assert await count(world, "Operation") == 0


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".xlsx"])
async def test_export_and_load_give_an_equal_graph(
    world: Graph, tmp_path: Path, write_file: WriteFile, ending: str
) -> None:
    """What export writes, in any format, loads into an empty graph as the same records with the same ids and ties."""
    files = [
        write_file("agency.jsonl", [{**AGENCY, "territorial": True}, DE_AGENCY]),
        write_file(
            "compound.jsonl",
            [a_compound(1, aliases=["金色; 院", "Зал"], scheme_types=["ROMANCE"], country="KH"), a_compound(2)],
        ),
        write_file(
            "target.jsonl",
            [
                {
                    "external_id": "T",
                    "owner": "DE-NCB",
                    "kind": "PERSON",
                    "name": "EXERCISE Ö'Quill",
                    "nationalities": ["DE", "TH"],
                }
            ],
        ),
        write_file(
            "identifier.jsonl",
            [{"external_id": "I", "owner": "DE-NCB", "scheme": "PHONE", "value": "+0001", "target": "/T"}],
        ),
        write_file(
            "link.jsonl",
            [
                {
                    "external_id": "L",
                    "owner": "KH-NCB",
                    "kind": "OPERATES",
                    "from": "DE-NCB/T",
                    "to": "/C-1",
                    "start": "2026-01-01T07:00:00+07:00",
                }
            ],
        ),
        write_file(
            "jurisdiction.jsonl",
            [
                {
                    "external_id": "J",
                    "owner": "KH-NCB",
                    "basis": "CONSENT",
                    "instrument": "EXERCISE",
                    "start": "2026-01-01T00:00:00Z",
                    "agency": "DE-NCB",
                    "over": "KH-NCB/C-1",
                }
            ],
        ),
        write_file(
            "unit.jsonl",
            [
                {
                    "external_id": "U",
                    "owner": "DE-NCB",
                    "agency": "DE-NCB",
                    "name": "EXERCISE Unit",
                    "kind": "CYBER",
                    "type": 2,
                    "home": [13.4, 52.5],
                    "max_duty_minutes": "PT9H",
                    "permitted_countries": ["KH", "DE"],
                }
            ],
        ),
        *_taking_part(write_file),
    ]
    await loaded(world, tmp_path / "loads", *files)
    # As if the operation had come further and the agency had left: what is restored is where it was.
    await world.run_outside("MATCH (n:Operation) SET n.state = 'READY'")
    await world.run_outside("MATCH (n:Participant) SET n.state = 'WITHDRAWN'")
    await world.run_outside("MATCH (n:Operation) SET n.read_by = [n.owner_id]")
    before = await content(world)
    written = await export(world, CATALOGUE, tmp_path / "out", ending=ending, exercise=True)
    assert sum(written.values()) == len(before) == 14
    await world.run_outside("MATCH (n:Record|Commit|Change) DETACH DELETE n")
    done = await loaded(world, tmp_path / "loads", tmp_path / "out")
    assert done.outcomes == {"CREATED": 14}
    assert await content(world) == before


def test_the_command_names_bad_rows_and_the_way_out(tmp_path: Path, graph_server: GraphAddress) -> None:
    """`opsplan load` on a bad file ends with status 2 and a table of what is wrong; --help speaks of files."""
    path = tmp_path / "compound.jsonl"
    path.write_text('{"external_id": "1", "name": "EXERCISE", "status": "OPN"}\n', encoding="utf-8")
    environment = {
        **os.environ,
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        "OPSPLAN_DATA_DIR": str(tmp_path / "data"),
        "COLUMNS": "200",
    }
    command = [sys.executable, "-m", "opsplan", "load", str(path)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 2, ended.stderr
    assert "Nothing was loaded" in ended.stderr
    assert "location" in ended.stderr
    assert "status" in ended.stderr


async def test_rows_that_the_server_has_no_memory_for_are_told_with_a_way_that_works(
    world: Graph, tmp_path: Path, write_file: WriteFile
) -> None:
    """One transaction that takes too much is refused whole, and the batches that the refusal names take less."""
    notes = "a guarded gate " * 600
    rows = [a_compound(n, notes=notes + str(n)) for n in range(12_000)]
    files = write_file("agency.jsonl", [AGENCY]), write_file("compound.jsonl", rows)
    with pytest.raises(OutOfMemory) as refused:
        await loaded(world, tmp_path / "loads", *files)
    assert "nothing was loaded" in refused.value.message
    assert "--batches" in str(refused.value.remedy)
    assert await count(world, "Record") == 0
    assert list((tmp_path / "loads").iterdir()) == []
    done = await loaded(world, tmp_path / "loads", *files, one_transaction_rows=0, batch_rows=2_000)
    assert done.outcomes == {"CREATED": 12_001}
