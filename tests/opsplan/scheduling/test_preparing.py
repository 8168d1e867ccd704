"""What people are about to look at is at hand before they ask."""

from opsplan.nouns import LAWS
from opsplan.scheduling.service import advise_slots
from opsplan.scheduling.worker import SchedulingOffice, open_office
from opsplan.vocabulary.clock import system_clock
from tests.opsplan.scheduling.theatre import Theatre, eventually


async def test_the_newest_plan_and_each_new_one_are_at_hand(theatre: Theatre) -> None:
    """After a start the newest plan's operation has been read; after a run that of its plan, without anybody asking."""
    action = await theatre.staffed_raid()
    await theatre.unit()
    plan = await theatre.planned()

    def at_hand(office: SchedulingOffice, operation: str) -> bool:
        return operation in office.frames._kept

    async with open_office(theatre.graph, system_clock, LAWS, solver_workers=1) as office:

        async def first() -> bool:
            return at_hand(office, theatre.operation)

        await eventually(first, within_s=60)
        assert (await advise_slots(theatre.graph, frames=office.frames, plan_id=plan, action_id=action)).slots
        other = await Theatre(theatre.world).open()
        await other.raid()
        assert not at_hand(office, other.operation)
        await other.until(await other.request(seconds=1), within_s=100)

        async def second() -> bool:
            return at_hand(office, other.operation)

        await eventually(second, within_s=60)
