"""Committing claims all over the world with 1, 8 and 64 writers: through our store, through the API, and in PostGIS.

Each writer commits one claim after the other; one that is refused shows the keys that were missing and tries again.
What is let in counts, from the first attempt.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.deconfliction.claims import Claim

Commit = Callable[[Claim, Sequence[str]], Awaitable[list[str] | None]]
"""Commits a claim with keys; None when it was let in, else the keys that are missing."""


@dataclass(slots=True)
class Commits:
    """What commits of one side took with so many writers: seconds of each that was let in, attempts, seconds in all."""

    side: str
    writers: int
    seconds: list[float] = field(default_factory=list)
    attempts: int = 0
    spent_s: float = 0.0

    @property
    def per_s(self) -> float:
        """Claims that were let in, a second."""
        return len(self.seconds) / self.spent_s


async def commit_all(side: str, commits: Sequence[Commit], claims: Iterator[Claim], seconds: float) -> Commits:
    """Let one writer for each way to commit do so for so long; each brings its last claim to its end."""
    done = Commits(side, len(commits))
    begun = time.perf_counter()

    async def writer(commit: Commit) -> None:
        while (now := time.perf_counter()) < begun + seconds:
            claim = next(claims)
            seen: list[str] = []
            while True:
                done.attempts += 1
                missing = await commit(claim, seen)
                if missing is None:
                    break
                seen += missing
            done.seconds.append(time.perf_counter() - now)

    await asyncio.gather(*(writer(each) for each in commits))
    done.spent_s = time.perf_counter() - begun
    return done
