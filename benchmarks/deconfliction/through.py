"""opsplan's side once more, through GraphQL: claims are committed by `createClaim` over HTTP."""

from collections.abc import Sequence
from typing import Any

import orjson

from benchmarks.deconfliction.claims import AGENCIES, Claim
from benchmarks.deconfliction.http import Asker, BadAnswer, create
from benchmarks.deconfliction.ours import stored
from benchmarks.deconfliction.service import Apis
from opsplan.geography.areas import bounding_circle


def agency_code(number: int) -> str:
    """Give the code of one of the agencies that claim."""
    return f"EX-W{number:03}"


class Through:
    """One connection to one process of the service, for all agencies.

    Parameters
    ----------
    apis
        The processes.
    number
        Which of the connections it is: they are dealt out to the processes in turn.
    tokens
        Of the agencies, by their numbers.
    """

    def __init__(self, apis: Apis, number: int, tokens: Sequence[str]) -> None:
        self._asker = Asker(apis.each[number % len(apis.each)].port)
        self._tokens = tokens

    async def commit(self, claim: Claim, seen: Sequence[str]) -> list[str] | None:
        """Commit a claim with keys; None when it was let in, else the keys that are missing."""
        told = await create(self._asker, self._tokens[claim.owner], {**_input(claim), "seen": list(seen)})
        if told["__typename"] == "Claim":
            return None
        if told["__typename"] == "KeysMissingError":
            return [each["key"] for each in told["missing"]]
        raise BadAnswer(f"{claim}: {told}")

    def close(self) -> None:
        """Hang up."""
        self._asker.close()


def tokens_of(apis: Apis) -> list[str]:
    """Make the tokens of all agencies, by their numbers."""
    return [apis.token(agency_code(number)) for number in range(AGENCIES)]


def _input(claim: Claim) -> dict[str, Any]:
    row = stored(claim)
    centre = bounding_circle(claim.area).center
    outline = {"outline": orjson.loads(row["outline"])} if "outline" in row else {"radiusM": row["radius_m"]}
    return {
        "kind": row["kind"],
        "location": {"longitude": centre.longitude, "latitude": centre.latitude},
        "start": row["start"],
        "end": row["end"],
        **outline,
    }
