# Fixture strategy: a theatre of four agencies of their own for each test, in the session's database; claims far apart,
# so that nothing but what they hold brings them into conflict.
"""Claims that hold together more beds, interpreters or aircraft of a country than there are."""

from typing import Any

import pytest

from tests.opsplan.deconfliction.test_wanting import Bureau
from tests.opsplan.deconfliction.theatre import DAY, Theatre


@pytest.fixture
def bureau(theatre: Theatre) -> Bureau:
    return Bureau(theatre)


def beds(amount: int, **more: Any) -> dict[str, Any]:
    return {"country": "KH", "kind": "BED", "amount": amount, **more}


async def stock(bureau: Bureau, amount: int, *, hours: tuple[float, float] = (-48, 96), **given: Any) -> str:
    """Have an agency hold so many beds, and give the entry's id."""
    whole = {"name": "shelter", "kind": "BED", "country": "KH", **given}
    resource = await bureau.make("Resource", "N", **whole)
    return await bureau.make("Capacity", "N", resource=resource, amount=amount, start=at(hours[0]), end=at(hours[1]))


def at(hours: float) -> str:
    from datetime import timedelta

    return (DAY + timedelta(hours=hours)).isoformat()


@pytest.mark.requirement("D4")
async def test_two_that_want_the_last_bed_are_told(bureau: Bureau) -> None:
    """Who claims beds that others hold is told before the commit of all of them, and both sides after it."""
    await stock(bureau, 100)
    first = await bureau.claim("K", capacities=[beds(60)])
    await bureau.claim("L", capacities=[beds(40)])
    (told, *more) = await bureau.missing("M", capacities=[beds(1)], hours=1)
    assert len(more) == 1
    assert (told["kind"], told["rule"], told["severity"]) == ("CAPACITY", "CAPACITY", "SERIOUS")
    assert told["claim_id"] == first
    print(told)
