"""Names that nobody bears: every one is combined from invented words and begins with the word EXERCISE."""

from dataclasses import dataclass
from random import Random

from opsplan.exercise.scripts import SCRIPTS

PREFIX = "EXERCISE "
"""What every name that the exercise makes begins with."""

_FIRST_WORDS = (
    "bavuko deruzo galepi kozuma lirave muzeko nopavu pezolu ruvedo sibuzo tovega vekulo zadimo bozelu "
    "dukivo gezopa kavuri lozeki mipuvo nuzago pavuzi rizoke sozavu tuzime vopeku zeluga bidovu dazebo "
    "gupize kizola luvepo mogavu nezubi povazu rekozi suvolo tezadu vizuko zobeli bukeza"
)
_SECOND_WORDS = (
    "begozu dolizu guvako kedupo limozu movugi nuvezo pizaru rozeva sukezi tobuzo velizo zupano bazivu "
    "degovo gozula kuzere lapuvo mezogi nizuva pukozo ravozi sizepu tapuzo vudoze zinovu bolezi divuza "
    "gavezu kopiza luzodo mavizo nogezi pevuza ruzogo sevaku tizuvo vozanu zegubo bezupa"
)
_FIRST, _SECOND = _FIRST_WORDS.split(), _SECOND_WORDS.split()
_SITES = ("Court", "Yard", "Terrace", "Works", "Quay", "Park", "Towers", "Depot", "Mill", "Pavilion")
_RINGS = ("Ring", "Ladder", "Lattice", "Chain", "Wheel", "Loom", "Weir", "Anvil")
_FIRMS = ("Trading", "Holdings", "Logistics", "Media", "Leisure", "Digital", "Estates", "Labour")
_SCRIPTS = sorted(SCRIPTS)


@dataclass(frozen=True, slots=True)
class Name:
    """An invented name, and the same in other scripts; all begin with the word EXERCISE."""

    text: str
    aliases: tuple[str, ...]


def place_name(chance: Random) -> Name:
    """Name a site."""
    word = chance.choice(_FIRST)
    return Name(f"{PREFIX}{word.title()} {chance.choice(_SITES)}", _spelled(chance, word))


def network_name(chance: Random) -> Name:
    """Name a network."""
    word = chance.choice(_SECOND)
    return Name(f"{PREFIX}{word.title()} {chance.choice(_RINGS)}", _spelled(chance, word))


def firm_name(chance: Random) -> Name:
    """Name an organisation."""
    word = chance.choice(_SECOND)
    return Name(f"{PREFIX}{word.title()} {chance.choice(_FIRMS)}", _spelled(chance, word))


def person_name(chance: Random) -> Name:
    """Name a person."""
    first, second = chance.choice(_FIRST), chance.choice(_SECOND)
    return Name(f"{PREFIX}{first.title()} {second.title()}", _spelled(chance, first, second))


def handle(chance: Random) -> str:
    """Make the stem of a domain or handle.

    >>> from opsplan.exercise.chance import stream
    >>> handle(stream(1, "doctest")).isascii()
    True
    """
    return f"exercise-{chance.choice(_FIRST)}-{chance.choice(_SECOND)}"


def _spelled(chance: Random, *words: str) -> tuple[str, ...]:
    chosen = chance.sample(_SCRIPTS, chance.randint(1, 3))
    return tuple(PREFIX + " ".join(SCRIPTS[script](word).title() for word in words) for script in sorted(chosen))
