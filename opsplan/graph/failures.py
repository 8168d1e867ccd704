"""What the server or the driver reports, turned into our errors, and whether a transaction may run again.

Two things the server calls transient are never repeated: a statement that ran out of time and one that ran out
of memory would only do so again, at the same cost. A commit whose outcome is unknown is not repeated either.
"""

import re
from typing import Any

from neo4j.exceptions import (
    AuthConfigurationError,
    ClientError,
    ConfigurationError,
    ConnectionPoolError,
    ConstraintError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    UnsupportedServerProduct,
)

from opsplan.vocabulary.errors import Conflict, OpsplanError, OutOfMemory, SetupError, TimedOut, Unavailable
from opsplan.vocabulary.sentences import say

DRIVER_FAILURES = (Neo4jError, DriverError)
"""What a driver call may raise."""

_TIME_OUTS = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
        "Neo.TransientError.Transaction.LockAcquisitionTimeout",
        "Neo.ClientError.Transaction.LockAcquisitionTimeout",
        "Neo.TransientError.Transaction.BookmarkTimeout",
    }
)
_OUT_OF_MEMORY = frozenset(
    {
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.OutOfMemoryError",
        "Neo.TransientError.General.StackOverFlowError",
        "Neo.TransientError.General.TransactionMemoryLimit",
        "Neo.TransientError.General.TransactionOutOfMemoryError",
        "Neo.DatabaseError.General.OutOfMemoryError",
    }
)
# The server ended the transaction itself: it is stopping, or an operator ended it.
_ENDED_BY_SERVER = frozenset(
    {
        "Neo.ClientError.Transaction.Terminated",
        "Neo.ClientError.Transaction.TransactionTerminated",
        "Neo.ClientError.Transaction.LockClientStopped",
        "Neo.TransientError.Transaction.Terminated",
        "Neo.TransientError.Transaction.LockClientStopped",
        "Neo.ClientError.Transaction.TransactionNotFound",
    }
)
# The server could not write its transaction log: a full disk, mostly. Reads may go on.
_COULD_NOT_STORE = frozenset(
    {
        "Neo.DatabaseError.Transaction.TransactionLogError",
        "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase",
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
    }
)
_COMMIT_FAILED = "Neo.DatabaseError.Transaction.TransactionCommitFailed"
_DEADLOCK = "Neo.TransientError.Transaction.DeadlockDetected"
_LOGIN = "Neo.ClientError.Security."
_DATABASES_NOT_FOUND = frozenset(
    {"Neo.ClientError.Database.DatabaseNotFound", "Neo.ClientError.Database.HomeDatabaseNotFound"}
)
_TAKEN = re.compile(r"label `(?P<label>[^`]+)` and propert(?:y|ies) (?P<pairs>.*)", re.DOTALL)
_PROPERTY = re.compile(r"`(\w+)` = ")


class OutcomeUnknown(Unavailable):
    """The connection was lost while the server was committing: the change may stand or not."""

    code = "OUTCOME_UNKNOWN"
    retryable = False


class QueryFailed(RuntimeError):
    """The server refused a statement of ours: a fault of opsplan, not of its caller.

    It is no `OpsplanError`, so that the web masks it. The text names the server's code only; the server's own
    words, which may hold values, are those of `__cause__`.
    """


def is_deadlock(failure: BaseException) -> bool:
    """Whether the server ended this transaction because it and another waited for each other."""
    return isinstance(failure, Neo4jError) and failure.code == _DEADLOCK


def may_run_again(failure: BaseException) -> bool:
    """Whether the same transaction may simply be run again from its start."""
    if isinstance(failure, Neo4jError):
        if failure.code in _TIME_OUTS or failure.code in _OUT_OF_MEMORY:
            return False
        return failure.is_retryable()
    if isinstance(failure, IncompleteCommit | UnsupportedServerProduct):
        return False
    return isinstance(failure, ServiceUnavailable | SessionExpired)


def ours(failure: BaseException, *, doing: str, out_of_time: bool = False) -> Exception:
    """Turn a driver's failure into our error.

    Parameters
    ----------
    failure
        One of `DRIVER_FAILURES`.
    doing
        Name of the query or kind of transaction, for the text.
    out_of_time
        Whether it had been given less time than it took. The server ends a transaction that waits for a lock
        without saying that its time was up.

    Returns
    -------
    Exception
        An `OpsplanError`, or `QueryFailed` where the statement itself is wrong.
    """
    if isinstance(failure, Neo4jError):
        return _from_server(failure, doing, out_of_time)
    if isinstance(failure, IncompleteCommit):
        return outcome_unknown(doing)
    if isinstance(failure, UnsupportedServerProduct | AuthConfigurationError | ConfigurationError):
        return SetupError(
            say("Neo4j cannot be used as it is set up: {failure}", failure=failure),
            field="OPSPLAN_NEO4J_URI",
            remedy=say("name a Neo4j 5.26 server, e.g. bolt://127.0.0.1:7687"),
        )
    if isinstance(failure, ServiceUnavailable | SessionExpired | ConnectionPoolError):
        return Unavailable(
            say("Neo4j did not answer during {doing}; try again.", doing=doing),
            remedy=say("look whether the server runs and is reachable"),
        )
    return QueryFailed(f"{doing}: the driver refused the call ({type(failure).__name__})")


def _from_server(failure: Neo4jError, doing: str, out_of_time: bool) -> Exception:
    code = failure.code
    if isinstance(failure, ConstraintError):
        return _taken(failure, doing)
    if code in _TIME_OUTS or (out_of_time and code in _ENDED_BY_SERVER):
        return TimedOut(
            say("{doing} took longer than it may; narrow it down.", doing=doing), remedy=say("ask for less at once")
        )
    if code in _OUT_OF_MEMORY:
        return OutOfMemory(
            say("{doing} needed more memory than it may use.", doing=doing), remedy=say("ask for less at once")
        )
    if code == _COMMIT_FAILED:
        return outcome_unknown(doing)
    if code in _COULD_NOT_STORE:
        return Unavailable(
            say("Neo4j could not store {doing} ({code}).", doing=doing, code=code),
            remedy=say("look for a full or read-only disk on its machine"),
        )
    if code.startswith(_LOGIN) and not failure.is_retryable():
        return _refused_login(code)
    if code in _DATABASES_NOT_FOUND:
        return SetupError(
            say("Neo4j has no database of that name."),
            field="OPSPLAN_NEO4J_DATABASE",
            remedy=say("name one that SHOW DATABASES lists; Neo4j Community has only neo4j"),
        )
    if code in _ENDED_BY_SERVER or failure.is_retryable():
        return Unavailable(
            say("Neo4j ended {doing} ({code}); try again.", doing=doing, code=code), remedy=say("repeat the request")
        )
    kind = "refused" if isinstance(failure, ClientError) else "failed at"
    return QueryFailed(f"Neo4j {kind} {doing} ({code})")


def outcome_unknown(doing: str) -> OutcomeUnknown:
    """Make the error for a commit that was begun and never answered."""
    return OutcomeUnknown(
        say("Neo4j was lost while it committed {doing}: the change may stand or not.", doing=doing),
        remedy=say("read the record again, or repeat the request with the same idempotency key"),
    )


def _refused_login(code: str) -> OpsplanError:
    return SetupError(
        say("Neo4j refused the login ({code}).", code=code),
        field="OPSPLAN_NEO4J_USER, OPSPLAN_NEO4J_PASSWORD",
        remedy=say("give the user and password of that server"),
    )


def _taken(failure: Neo4jError, doing: str) -> Conflict:
    """A uniqueness rule of the graph was broken; the server's sentence names label and properties."""
    facts: dict[str, Any] = {}
    found = _TAKEN.search(failure.message)
    if found:
        facts = {
            "label": found["label"],
            "properties": tuple(_PROPERTY.findall(found["pairs"])),
        }
    what = (
        say("{label} with this {properties:and}", label=facts["label"], properties=facts["properties"])
        if facts
        else say("a record with this key")
    )
    return Conflict(
        say("There is already {what} ({doing}).", what=what, doing=doing),
        remedy=say("change the existing one, or choose another key"),
        **facts,
    )
