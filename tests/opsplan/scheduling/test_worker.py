"""Runs on a real graph with real solver processes: executed once, cancelled, lost and found again."""

import asyncio
import json
import os
import signal
import sys

import pytest

from opsplan.scheduling.worker import open_worker
from tests.opsplan.scheduling.theatre import Theatre, at


@pytest.mark.requirement("S1")
async def test_a_run_ends_with_a_plan(theatre: Theatre) -> None:
    """A requested run is executed, and its plan tells start, end, local time, H± and units of each action."""
    for number in (1, 2):
        await theatre.staffed_raid(f"Raid {number}", minutes=62)
    await theatre.unit("Unit 1")
    run, plan = await theatre.scheduled()
    rows = await theatre.rows(plan)
    assert sorted(rows) == ["Raid 1", "Raid 2"]
    for row in rows.values():
        assert row["units"] == ["Unit 1"]
        assert row["local_start"].endswith("+07:00")
        assert row["time_zone"] == "Asia/Phnom_Penh"
    ended = await theatre.run(run)
    assert (ended["placed"], ended["unplaced"], ended["attempts"]) == (2, 0, 1)
