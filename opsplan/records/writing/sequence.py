"""Holding the commit sequence: from then on nothing else commits before this transaction has ended."""

from typing import Final

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx

HOLDING: Final = """
    MERGE (sequence:CommitSequence {id: 1})
    ON CREATE SET sequence.number = 0
    SET sequence.lock = true REMOVE sequence.lock
"""
"""What takes the lock; statements of others may begin with it, to see in one round trip what stands under it.

Whoever runs such a statement takes the transaction's turn before (`Tx.take_turn`).
"""

HOLD_SEQUENCE = Query("records.hold_sequence", Mode.WRITE, f"{HOLDING} RETURN sequence.number AS number")


async def hold_sequence(tx: Tx) -> int:
    """Hold the commit sequence until this transaction ends, and give the number of the last commit.

    Nothing is asked where it is held already.
    """
    if tx.held_at is None:
        await tx.take_turn()
        row = await tx.single(HOLD_SEQUENCE)
        assert row is not None
        tx.held_at = int(row["number"])
    return tx.held_at
