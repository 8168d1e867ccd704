"""Ids of records: made by the server, random, and readable as to what they name.

An id is the noun in snake case, an underscore, and 26 characters of Crockford base32 (130 random bits):
``compound_5h2k…``. It is never a counter and never the database's own element id, so it tells nothing of how
many records there are, and it is safe to hand out as Relay's global id. Reference data that nobody enters is named
by its code instead: ``country_kh``, ``airport_bkk``.
"""

import hashlib
import re
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_CHARACTERS = 26
_ID = re.compile(r"^([a-z][a-z_]*)_([0-9a-z]{1,26})$")


def mint(noun: str) -> str:
    """Make a new random id for a record of `noun` (e.g. ``"Compound"``)."""
    return _written(noun, secrets.randbits(_RANDOM_CHARACTERS * 5))


def nobodys_id(noun: str, secret: bytes) -> str:
    """Make an id that no record has, as nobody can guess the secret; always the same for the same one.

    >>> nobodys_id("Compound", b"one") == nobodys_id("Compound", b"one") != nobodys_id("Compound", b"other")
    True
    """
    return _written(noun, int.from_bytes(hashlib.blake2b(secret, digest_size=17).digest(), "big"))


def _written(noun: str, bits: int) -> str:
    text = "".join(_ALPHABET[(bits >> (5 * place)) & 31] for place in range(_RANDOM_CHARACTERS))
    return f"{prefix_of(noun)}_{text}"


def reference_id(noun: str, code: str) -> str:
    """Give the id of a reference record by its code.

    >>> reference_id("Country", "KH")
    'country_kh'
    """
    return f"{prefix_of(noun)}_{code.lower()}"


def prefix_of(noun: str) -> str:
    """Give the id prefix of a noun: its name in snake case.

    >>> prefix_of("VictimEstimate")
    'victim_estimate'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", noun).lower()


def prefix_in(record_id: str) -> str | None:
    """Give the prefix that an id carries, or None when the text is no id of ours."""
    found = _ID.match(record_id)
    return found.group(1) if found else None
