"""How the garbage collector is set for a service: what is there from the start is looked at no more.

An answer of a thousand records is some 50,000 small objects, none in a circle. By its usual thresholds Python's
collector looks through everything alive several times for each such answer, and a service holds 200,000 objects of its
schema alone: measured, an answer of 1.2 MB took 117 ms to decode, complete and write so, and 25 ms set as here.
"""

import gc

_YOUNG = 50_000
"""Objects made since the last look before the youngest are looked at again; one large answer makes about so many."""
_MIDDLE, _OLD = 20, 50


def settle() -> None:
    """Take all that is alive out of the collector's sight, and let it look more seldom at what comes.

    Call it once everything is built and before the first request. What is made later is collected as ever.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
