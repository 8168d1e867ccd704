"""Writing records: `write` runs a piece of work in one transaction with history, versions and idempotency.

Here live the verbs over records of any noun, set-based. Which fields a noun has, and the rules of its capability, come
in as values (`Noun`, `Laws`). Reading for answers lives in `opsplan.reading`; checks of raw values in
`opsplan.records.check`. Labels owned: Record, Commit, Change, CommitSequence, IdempotencyKey.
"""

from opsplan.records.laws import Laws
from opsplan.records.writing.idempotency import IdempotencyKey, request_hash
from opsplan.records.writing.transaction import Row, Writing, write
from opsplan.records.writing.unit import ChangeKind
from opsplan.records.writing.upsert import Outcome, UpsertOutcome

__all__ = [
    "ChangeKind",
    "IdempotencyKey",
    "Laws",
    "Outcome",
    "Row",
    "UpsertOutcome",
    "Writing",
    "request_hash",
    "write",
]
