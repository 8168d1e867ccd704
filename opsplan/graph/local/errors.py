"""What may go wrong with the local server, each with its remedy.

SetupError
├── NotFetched       no network and nothing cached
├── JarsDiffer       what was fetched is not what the lock file names
├── FolderInUse      another process owns the data folder
├── FolderUnusable   the folder cannot be made or written
├── DiskFull         there is no room
├── PortTaken        the port that was asked for is in use
├── PasswordLost     there is data, but no password for it
├── ServerDied       Java ended at start; its own log lines are shown
├── BackupFailed     the dump or load did not work; the tool's own words are shown
└── Unsupported      this machine cannot run the local server
"""

from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say


class NotFetched(SetupError):
    """The server's jars are not cached and cannot be fetched."""

    code = "LOCAL_SERVER_NOT_FETCHED"


class JarsDiffer(SetupError):
    """A fetched jar is not the one that the lock file names."""

    code = "LOCAL_SERVER_JARS_DIFFER"


class FolderInUse(SetupError):
    """Another process owns the data folder; `facts["pid"]` is the owner's."""

    code = "LOCAL_SERVER_FOLDER_IN_USE"


class FolderUnusable(SetupError):
    """The folder cannot be made or written."""

    code = "LOCAL_SERVER_FOLDER_UNUSABLE"


class DiskFull(SetupError):
    """There is no room on the disk."""

    code = "LOCAL_SERVER_DISK_FULL"


class PortTaken(SetupError):
    """The port that was asked for is in use."""

    code = "LOCAL_SERVER_PORT_TAKEN"


class PasswordLost(SetupError):
    """There is data in the folder, but the file with its password is gone."""

    code = "LOCAL_SERVER_PASSWORD_LOST"


class ServerDied(SetupError):
    """Java ended, or did not get ready, at start; the message shows its own last log lines."""

    code = "LOCAL_SERVER_DIED"


class BackupFailed(SetupError):
    """A dump or load did not work; the message shows the tool's own words."""

    code = "LOCAL_SERVER_BACKUP_FAILED"


class Unsupported(SetupError):
    """This machine cannot run the local server."""

    code = "LOCAL_SERVER_UNSUPPORTED"


def differs(file_name: str) -> JarsDiffer:
    """Make the error for a fetched jar that is not the locked one."""
    return JarsDiffer(
        say("The fetched {file_name} is not the one that opsplan was locked to.", file_name=file_name),
        value=file_name,
        remedy=say("look what stands between this machine and the repository, then start again"),
    )
