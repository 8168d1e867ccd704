"""Greek: pairs of letters that are one sound."""

import re

_PAIRS = {
    "ου": "u", "ει": "i", "οι": "i", "αι": "e", "μπ": "b", "ντ": "nt", "γκ": "g", "γγ": "ng", "γχ": "nch", "τσ": "ts",
    "τζ": "tz", "αυ": "av", "ευ": "ev", "ηυ": "iv",
}  # fmt: skip
_LETTERS = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_PIECE = re.compile("|".join((*_PAIRS, ".")))
_SOFT_GAMMA = re.compile("^γ(?=[ειη])")
_ALL = {**_LETTERS, **_PAIRS}


def romanised(word: str) -> tuple[str, ...]:
    """Read a Greek word without accents: by sound, with χ as h, letter by letter, with γ as y where it is soft.

    >>> romanised("παπαδοπουλος"), romanised("χρηστος")
    (('papadopulos', 'papadopoylos'), ('christos', 'hristos'))
    """
    latin = "".join(_ALL.get(piece, "") for piece in _PIECE.findall(word))
    # At the beginning the pairs are b, d and g, whatever the letters.
    ways = [
        latin,
        latin.replace("ch", "h"),
        re.sub("^nt", "d", latin),
        "".join(_LETTERS.get(letter, "") for letter in word),
    ]
    if _SOFT_GAMMA.search(word):
        ways.append("".join(_ALL.get(piece, "") for piece in _PIECE.findall(_SOFT_GAMMA.sub("υ", word))))
    return tuple(dict.fromkeys(ways))
