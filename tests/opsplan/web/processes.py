"""A service in a process of its own, whose log is kept: for tests of logs, of stopping, and of faults."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from opsplan.main.commands import make_token
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role

_PROGRAM = """
import asyncio, os
from opsplan.main import serve
from opsplan.settings import Settings
asyncio.run(serve(Settings.from_env(os.environ)))
"""


def free_port() -> int:
    """Give a port that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass
class Process:
    """A service that runs in another process."""

    running: subprocess.Popen[bytes]
    url: str
    settings: Settings
    log: Path

    def token(self, code: str, *roles: Role) -> str:
        """Make a token."""
        return make_token(self.settings, agency_code=code, roles=roles or (Role.COORDINATOR,))

    def entries(self) -> list[dict[str, Any]]:
        """Give the entries of its log so far; every line must be one."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def text(self) -> str:
        """Give its whole log."""
        return self.log.read_text(encoding="utf-8")

    async def ready(self, timeout_s: float = 90) -> None:
        """Wait until it says that it is ready."""
        async with asyncio.timeout(timeout_s), httpx.AsyncClient() as client:
            while True:
                assert self.running.poll() is None, self.text()
                try:
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def ended(self, timeout_s: float = 40) -> int:
        """Wait for its end and give its exit status."""
        return await asyncio.to_thread(self.running.wait, timeout_s)


@contextmanager
def running_service(folder: Path, environment: dict[str, str], program: str = _PROGRAM) -> Iterator[Process]:
    """Run a service with these settings; end it in the end, if it has not ended by then."""
    given = {"OPSPLAN_DATA_DIR": str(folder), "OPSPLAN_PORT": str(free_port()), **environment}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPSPLAN_")}
    log = folder / "log.jsonl"
    with log.open("wb") as file:
        running = subprocess.Popen([sys.executable, "-c", program], env={**inherited, **given}, stderr=file)
        try:
            yield Process(running, f"http://127.0.0.1:{given['OPSPLAN_PORT']}", Settings.from_env(given), log)
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGTERM)
                try:
                    running.wait(40)
                except subprocess.TimeoutExpired:
                    running.kill()
                    running.wait()
