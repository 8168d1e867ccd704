"""Turning the system's disk errors into ours, and asking for room before it is needed."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsplan.graph.local.errors import DiskFull, FolderUnusable
from opsplan.vocabulary.sentences import say

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SAID_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_BYTES_PER_MB = 1_000_000


@contextmanager
def disk_errors(folder: Path, *, setting: str) -> Iterator[None]:
    """Turn an OSError of the block into `DiskFull` or `FolderUnusable`.

    Parameters
    ----------
    folder
        The folder that the block works in, for the message.
    setting
        The setting by which the folder is moved elsewhere, for the remedy.
    """
    try:
        yield
    except OSError as failure:
        if failure.errno in _NO_ROOM:
            raise no_room(folder, setting=setting) from failure
        raise FolderUnusable(
            say("The folder {folder} cannot be used: {strerror}.", folder=folder, strerror=failure.strerror or failure),
            field=setting,
            value=str(folder),
            remedy=say("make it writable for this user, or name another by {setting}", setting=setting),
        ) from failure


def is_of_disk(failure: Exception) -> bool:
    """Whether a failure is one of the disk, where it might be one of the network."""
    return isinstance(failure, OSError) and (failure.errno in _NO_ROOM or failure.filename is not None)


def no_room(folder: Path, *, setting: str) -> DiskFull:
    """Make the error for a disk without room."""
    return DiskFull(
        say("The disk that holds {folder} is full.", folder=folder),
        field=setting,
        value=str(folder),
        remedy=say("free some room there, or name a folder on another disk by {setting}", setting=setting),
    )


def says_no_room(text: str) -> bool:
    """Whether what a program printed says that it found no room on the disk."""
    return _SAID_NO_ROOM.search(text) is not None


def ask_for_room(folder: Path, needed_mb: int, *, setting: str) -> None:
    """Refuse early when the disk of an existing folder has less than `needed_mb` megabytes left.

    Raises
    ------
    DiskFull
        Naming the room there is and the room that is needed.
    """
    free_mb = shutil.disk_usage(folder).free // _BYTES_PER_MB
    if free_mb < needed_mb:
        raise DiskFull(
            say(
                "The disk that holds {folder} has {free_mb} MB left; {needed_mb} MB are needed.",
                folder=folder,
                free_mb=free_mb,
                needed_mb=needed_mb,
            ),
            field=setting,
            value=str(folder),
            remedy=say("free some room there, or name a folder on another disk by {setting}", setting=setting),
        )
