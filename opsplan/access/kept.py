"""Secrets that are made on first use and kept in a file that its owner alone may read."""

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read the secret in a file, or make it there.

    Processes that do so at once get the same secret: the first one made stays.

    Raises
    ------
    SetupError
        If the file cannot be read or written, or others may read it.
    """
    try:
        if not path.exists():
            _put(path, make())
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise SetupError(
                say(
                    "{path} may be read by others (mode {mode:o}), so what it protects could be forged.",
                    path=path,
                    mode=mode,
                ),
                field=str(path),
                remedy=say("delete it, so that a new one is made (tokens and cursors made so far then no longer hold)"),
            )
        return path.read_bytes()
    except OSError as failure:
        raise SetupError(
            say("A secret cannot be kept in {path}: {strerror}.", path=path, strerror=failure.strerror),
            field="OPSPLAN_DATA_DIR",
            remedy=say("name a folder that this user may write"),
        ) from failure


def _put(path: Path, secret: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link fails where the name is taken, so that the first secret stays; a rename would replace it.
            os.link(beside, path)
        except FileExistsError:
            return
    finally:
        beside.unlink()
