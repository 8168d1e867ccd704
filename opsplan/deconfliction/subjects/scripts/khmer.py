"""Khmer: letter by letter, but for what is written and not heard, or heard otherwise."""

from anyascii import anyascii

_HEARD = (("ាំង", "ាង"), ("ញ្ញ", "ញ"), ("ន្ទ", "ន"), ("ន្ត", "ន"), ("់", ""))
_HARD = (("ប៉", "ព"), ("ប្", "ព្"))
"""The letter b where it is p."""
_SOFT = (("ន្ត", "ន្ដ"),)
"""The letter t where it is d: below an n, in many names."""


def romanised(word: str) -> tuple[str, ...]:
    """Read a word in the ways its letters allow; the likeliest first.

    >>> romanised("តាំង"), romanised("កែវ"), romanised("ចិន្តា")
    (('tang', 'taamng'), ('kaev', 'kaeo'), ('chena', 'chenta', 'chenda'))
    """
    heard, hard = _replaced(word, _HEARD), _replaced(_replaced(word, _HEARD), _HARD)
    ways = [_latin(heard), _latin(hard), _latin(word), _latin(_replaced(word, _SOFT))]
    first = ways[0]
    if first.endswith("v"):
        ways.append(f"{first[:-1]}o")
    if first.endswith("au"):
        ways.append(f"{first[:-2]}ov")
    if first.endswith("r") and first[-2:-1] not in "aeiou":
        ways.append(first[:-1])
    return tuple(dict.fromkeys(ways))


def _replaced(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for written, heard in pairs:
        word = word.replace(written, heard)
    return word


def _latin(word: str) -> str:
    return "".join(letter for letter in anyascii(word).lower() if letter.isalnum())
