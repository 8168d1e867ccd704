"""Structured logs: one JSON object per line on standard error, never with a caller's value.

Our own entries name events, codes, ids of requests and errors, and durations. Entries of libraries pass with their
logger's name and level; their words only where those are known to hold no value, as an exception's text may.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from opsplan.vocabulary.faults import kinds, places

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_WORDS_WITHOUT_VALUES = ("uvicorn.error", "opsplan.")
"""Beginnings of loggers whose words hold no value: those of start and stop up to INFO, and our own."""


def set_up(level: str) -> None:
    """Send all entries of this process, ours and the libraries', as JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_Bridge())
    root.setLevel(max(_LEVELS[level], logging.INFO))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # The addresses of GET requests hold queries.
    logging.getLogger("uvicorn.access").disabled = True


class _Bridge(logging.Handler):
    """Turns an entry of the standard library's logging into one of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        entry: dict[str, Any] = {"logger": record.name}
        if record.name.startswith(_WORDS_WITHOUT_VALUES) and record.levelno <= logging.INFO:
            entry["words"] = record.getMessage()
        failure = record.exc_info[1] if record.exc_info else None
        if failure is not None:
            entry |= {"kind": kinds(failure), "places": places(failure)}
        log = structlog.get_logger("opsplan.library")
        log.log(record.levelno, "library", **entry)


def _as_json(entry: MutableMapping[str, Any], **_: Any) -> str:
    return orjson.dumps(entry, default=str).decode()
