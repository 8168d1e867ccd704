"""Sets of slots as integers: bit s is slot s. Set operations on a week of slots cost about as much as one addition."""

from __future__ import annotations

from collections.abc import Iterator


def span(from_slot: int, until_slot: int) -> int:
    """Return the set ``[from_slot, until_slot)``, of which slots below 0 are left out.

    Examples
    --------
    >>> bin(span(1, 3)), span(-5, 0), bin(span(-5, 2))
    ('0b110', 0, '0b11')
    """
    if from_slot < 0:
        from_slot = 0
    length = until_slot - from_slot
    return ((1 << length) - 1) << from_slot if length > 0 else 0


def listed(slots: int) -> Iterator[int]:
    """Yield the slots of a set in ascending order.

    Examples
    --------
    >>> list(listed(0b1011))
    [0, 1, 3]
    """
    while slots:
        lowest = slots & -slots
        yield lowest.bit_length() - 1
        slots ^= lowest


def first(slots: int) -> int:
    """Return the smallest slot of a set that is not empty."""
    return (slots & -slots).bit_length() - 1


def nth(slots: int, rank: int) -> int:
    """Return the slot with `rank` smaller ones in the set (0 is the smallest); `rank` is below the set's
    size.

    Examples
    --------
    >>> nth(0b101100, 0), nth(0b101100, 2)
    (2, 5)
    """
    low, high = 0, slots.bit_length()
    while high - low > 1:
        middle = (low + high) // 2
        below = (slots & ((1 << middle) - 1)).bit_count()
        if below > rank:
            high = middle
        else:
            low = middle
    return low


def nearest(slots: int, slot: int) -> int:
    """Return the slot of a set, which is not empty, that lies nearest to `slot`; the earlier of two.

    Examples
    --------
    >>> nearest(0b100101, 3), nearest(0b100101, 4), nearest(0b100101, 9)
    (2, 5, 5)
    """
    before = slots & ((1 << max(slot + 1, 0)) - 1)
    after = slots >> max(slot + 1, 0) << max(slot + 1, 0)
    if not before or not after:
        return before.bit_length() - 1 if before else first(after)
    last, next_ = before.bit_length() - 1, first(after)
    return last if slot - last <= next_ - slot else next_


def reaching(slots: int, ahead_slots: int) -> int:
    """Return every slot r with some member of the set in ``[r, r + ahead_slots]``.

    Examples
    --------
    >>> list(listed(reaching(1 << 5, 2)))
    [3, 4, 5]
    """
    covered = 0
    while covered < ahead_slots:
        step = min(covered + 1, ahead_slots - covered)
        slots |= slots >> step
        covered += step
    return slots
