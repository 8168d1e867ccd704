"""The example's case system, run as its own process, and looked into."""

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.opsplan.web.conftest import OWN

PROGRAM = Path(__file__).parents[3] / "docs" / "examples" / "case_system.py"


def example() -> ModuleType:
    """Import the example, which is no module of ours."""
    spec = importlib.util.spec_from_file_location("case_system", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class CaseSystem:
    """One database of the example, and the processes that work on it."""

    def __init__(self, folder: Path, service: str, key: Path) -> None:
        self.path = folder / "cases.sqlite"
        self._service = service
        self._key = key
        self._code = example()
        self._log = folder / "cases.log"

    def command(self, *words: str) -> list[str]:
        """Give a command line."""
        where = ["--database", str(self.path), "--service", self._service, "--key", str(self._key), "--agency", OWN]
        return [sys.executable, str(PROGRAM), *where, *words]

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command; kill it in the end, if it has not ended by then."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(self.command(*words), stdout=log, stderr=log, env={**os.environ})
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def sync(self) -> str:
        """Bring both sides in step, once, and give what it prints."""
        ended = subprocess.run(self.command("sync"), capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == 0, ended.stderr[-3_000:]
        return ended.stdout

    def add(self, external_id: str, name: str, longitude: float = 104.9, latitude: float = 11.6) -> None:
        """Enter a case, as the command does."""
        with closing(self._code.open_database(self.path)) as database:
            self._code.enter_case(database, external_id, name, longitude, latitude)

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            return database.execute(query).fetchall()

    def records(self) -> dict[str, tuple[str, int, bool]]:
        """Give what it has of opsplan: by id the noun, the version, and whether it is retired."""
        rows = self.asked("SELECT id, noun, version, retired FROM record")
        return {record_id: (noun, version, bool(retired)) for record_id, noun, version, retired in rows}

    def names(self) -> dict[str, str]:
        """Give the names of its sites, by id."""
        rows = self.asked("SELECT id, body FROM record WHERE noun = 'Compound'")
        return {each: json.loads(body)["name"] for each, body in rows}

    def said(self) -> str:
        """Give what its processes have said."""
        return self._log.read_text(encoding="utf-8")
