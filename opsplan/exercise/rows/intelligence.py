"""Compounds, victims expected there, and the networks behind: targets, identifiers, links."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from opsplan.exercise import words
from opsplan.exercise.chance import stream
from opsplan.exercise.ground import Place
from opsplan.exercise.rows.naming import agency_code, at, reference, site_id, site_reference
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.shape import SLOTS_PER_DAY, Size
from opsplan.exercise.words import PREFIX, Name
from opsplan.exercise.world import Task
from opsplan.operations.model import ActionKind
from opsplan.targets.model import (
    CompoundStatus,
    IdentifierScheme,
    LinkKind,
    Market,
    SchemeType,
    TargetKind,
    TargetStatus,
)

HAS_SITE = frozenset(
    {
        ActionKind.RAID,
        ActionKind.SEARCH,
        ActionKind.VICTIM_EXTRACTION,
        ActionKind.CONTROLLED_DELIVERY,
        ActionKind.SURVEILLANCE,
    }
)
"""Kinds of actions that aim at a compound."""

_THINGS = (TargetKind.PHONE, TargetKind.ACCOUNT, TargetKind.WALLET, TargetKind.DOMAIN, TargetKind.VEHICLE)
_SCHEME_OF = {
    TargetKind.PERSON: IdentifierScheme.PASSPORT,
    TargetKind.ORGANIZATION: IdentifierScheme.REGISTRATION,
    TargetKind.PHONE: IdentifierScheme.PHONE,
    TargetKind.ACCOUNT: IdentifierScheme.IBAN,
    TargetKind.WALLET: IdentifierScheme.WALLET,
    TargetKind.DOMAIN: IdentifierScheme.DOMAIN,
    TargetKind.VEHICLE: IdentifierScheme.PLATE,
}
_AT_SITE = (LinkKind.OPERATES, LinkKind.GUARDS, LinkKind.LOCATED_AT, LinkKind.SUPPLIES)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A target in the making; `mark` is its identifier, empty for a network."""

    kind: TargetKind
    name: Name
    mark: str
    nationalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A network and its people and things; the first suspect is the network itself."""

    cell: int
    owner: str
    suspects: tuple[Suspect, ...]

    def reference(self, place: int) -> str:
        """Refer to a suspect by its place."""
        return reference(self.owner, self.target_id(place))

    def target_id(self, place: int) -> str:
        """Give a suspect's external id."""
        return f"NET-{self.cell + 1:05d}-T{place:02d}"


def dossier(scenario: Scenario, cell: int) -> Dossier:
    """Draw the network of a cell; the same each time."""
    chance = stream(scenario.seed, f"dossier/{cell}")
    country = scenario.cells[cell][0].host
    small = scenario.size is Size.HUGE
    lands = list(scenario.theatre.lands)
    suspects = [Suspect(TargetKind.NETWORK, words.network_name(chance), "", (country,))]
    for _ in range(chance.randint(1, 3) if small else chance.randint(3, 6)):
        home = (country,) if chance.random() < 0.5 else tuple(dict.fromkeys((chance.choice(lands), country)))
        suspects.append(Suspect(TargetKind.PERSON, words.person_name(chance), f"EX{_digits(chance, 7)}", home))
    for _ in range(1 if small else chance.randint(1, 2)):
        mark = f"EX-REG-{_digits(chance, 8)}"
        suspects.append(Suspect(TargetKind.ORGANIZATION, words.firm_name(chance), mark, (chance.choice(lands),)))
    for kind in chance.sample(_THINGS, 1 if small else chance.randint(3, 5)):
        mark = _mark(chance, kind)
        suspects.append(Suspect(kind, Name(f"{PREFIX}{kind.value.lower()} {mark}", ()), mark, ()))
    return Dossier(cell, agency_code(country, "NCB"), tuple(suspects))


def site_name(scenario: Scenario, place: Place) -> Name:
    """Name a place of actions; the same each time."""
    return words.place_name(stream(scenario.seed, f"site/{place.number}"))


def task_targets(scenario: Scenario, task: Task) -> Iterator[str]:
    """Refer to the targets that an action concerns: the network, and one of its people."""
    found = dossier(scenario, task.cell)
    yield found.reference(0)
    yield found.reference(1)


def compounds(scenario: Scenario) -> Iterator[Row]:
    """Yield the compounds that actions aim at, and some at borders, where the country is not certain."""
    chance = stream(scenario.seed, "compounds")
    for place, victims in _sites(scenario).items():
        owner = agency_code(place.country, "NCB")
        row = _compound(chance, site_name(scenario, place), place, owner, site_id(place))
        yield row | {"country": place.country, "capacity": max(victims * 2, 10 * chance.randint(2, 60))}
    for number, place in enumerate(scenario.theatre.at_borders, start=1):
        owner = agency_code(place.country, "NCB")
        row = _compound(chance, words.place_name(chance), place, owner, f"BORDER-{number:03d}")
        yield row | {"status": CompoundStatus.SUSPECTED.value, "capacity": 10 * chance.randint(2, 60)}


def _compound(chance: Random, name: Name, place: Place, owner: str, external_id: str) -> Row:
    schemes = chance.sample(list(SchemeType), chance.randint(1, 3))
    markets = chance.sample(list(Market), chance.choice((0, 0, 0, 1, 1, 2)))
    return {
        "owner": owner,
        "external_id": external_id,
        "name": f"{name.text}, {place.city}",
        "aliases": list(name.aliases),
        "location": {"longitude": place.longitude, "latitude": place.latitude},
        "status": chance.choice((CompoundStatus.SUSPECTED, CompoundStatus.CONFIRMED, CompoundStatus.CONFIRMED)).value,
        "scheme_types": [scheme.value for scheme in SchemeType if scheme in schemes],
        "overlapping_markets": [market.value for market in Market if market in markets],
        "notes": f"{PREFIX}invented.",
    }


def victim_estimates(scenario: Scenario) -> Iterator[Row]:
    """Yield who is expected where: the likely figures of a site add up to its actions' expected victims."""
    chance = stream(scenario.seed, "estimates")
    lands = list(scenario.theatre.lands)
    for place, victims in _sites(scenario).items():
        if not victims:
            continue
        nations = chance.sample(lands, min(victims, chance.randint(1, 3)))
        left = victims
        for number, nation in enumerate(nations, start=1):
            likely = left if number == len(nations) else chance.randint(1, left - (len(nations) - number))
            left -= likely
            yield {
                "owner": agency_code(place.country, "NCB"),
                "external_id": f"{site_id(place)}-E{number}",
                "low": likely // 2,
                "likely": likely,
                "high": likely * 2 + chance.randint(0, 9),
                "as_of": at(scenario.start, -SLOTS_PER_DAY * chance.randint(2, 30)),
                "compound": site_reference(place),
                "nationality": nation,
            }


def _sites(scenario: Scenario) -> dict[Place, int]:
    """Places that are compounds, with the victims that all actions there expect together."""
    found: dict[Place, int] = {}
    for task in scenario.world.tasks:
        if task.kind in HAS_SITE:
            found[task.place] = found.get(task.place, 0) + task.victims
    return found


def targets(scenario: Scenario) -> Iterator[Row]:
    """Yield the targets."""
    chance = stream(scenario.seed, "targets")
    for cell in scenario.cells:
        found = dossier(scenario, cell)
        for place, suspect in enumerate(found.suspects):
            row: Row = {
                "owner": found.owner,
                "external_id": found.target_id(place),
                "kind": suspect.kind.value,
                "name": suspect.name.text,
                "aliases": list(suspect.name.aliases),
                "status": chance.choice((TargetStatus.OPEN, TargetStatus.OPEN, TargetStatus.WANTED)).value,
                "nationalities": list(suspect.nationalities),
            }
            if suspect.kind is TargetKind.PERSON and chance.random() < 0.5:
                seen = scenario.cells[cell][0].place
                row["location"] = {"longitude": seen.longitude, "latitude": seen.latitude}
            yield row


def identifiers(scenario: Scenario) -> Iterator[Row]:
    """Yield what the targets are known by; none of it can belong to anybody."""
    for cell in scenario.cells:
        found = dossier(scenario, cell)
        for place, suspect in enumerate(found.suspects):
            if suspect.mark:
                yield {
                    "owner": found.owner,
                    "external_id": f"{found.target_id(place)}-I1",
                    "scheme": _SCHEME_OF[suspect.kind].value,
                    "value": suspect.mark,
                    "target": found.reference(place),
                }


def links(scenario: Scenario) -> Iterator[Row]:
    """Yield how people, firms and things stand to the network, to its sites, and networks to one another."""
    chance = stream(scenario.seed, "links")
    before: Dossier | None = None
    for cell, tasks in scenario.cells.items():
        found = dossier(scenario, cell)
        sites = list(dict.fromkeys(site_reference(task.place) for task in tasks if task.kind in HAS_SITE))
        for number, (kind, one, other) in enumerate(_ties(chance, found, sites, before), start=1):
            yield {
                "owner": found.owner,
                "external_id": f"NET-{cell + 1:05d}-L{number:02d}",
                "kind": kind.value,
                "from": one,
                "to": other,
            }
        before = found


def _ties(
    chance: Random, found: Dossier, sites: list[str], before: Dossier | None
) -> Iterator[tuple[LinkKind, str, str]]:
    network = found.reference(0)
    people = [place for place, each in enumerate(found.suspects) if each.kind is TargetKind.PERSON]
    for site in sites:
        yield LinkKind.OPERATES, network, site
        yield chance.choice(_AT_SITE), found.reference(chance.choice(people)), site
    for place, each in enumerate(found.suspects):
        here = found.reference(place)
        if each.kind is TargetKind.PERSON:
            yield chance.choice((LinkKind.MEMBER_OF, LinkKind.MEMBER_OF, LinkKind.RECRUITS_FOR)), here, network
        elif each.kind is TargetKind.ORGANIZATION:
            yield LinkKind.LAUNDERS_FOR, here, network
            yield LinkKind.CONTROLS, found.reference(chance.choice(people)), here
            if sites:
                yield LinkKind.OWNS, here, chance.choice(sites)
        elif each.kind is not TargetKind.NETWORK:
            yield LinkKind.USES, found.reference(chance.choice(people)), here
    if before is not None and chance.random() < 0.5:
        yield LinkKind.ASSOCIATED_WITH, network, before.reference(0)


def _mark(chance: Random, kind: TargetKind) -> str:
    match kind:
        case TargetKind.PHONE:
            return f"+999{_digits(chance, 9)}"
        case TargetKind.ACCOUNT:
            # XX is the country code of no IBAN, and 00 no check number of any.
            return f"XX00EXER{_digits(chance, 14)}"
        case TargetKind.WALLET:
            return f"exercise1{_digits(chance, 20)}"
        case TargetKind.DOMAIN:
            return f"{words.handle(chance)}-{_digits(chance, 3)}.example"
    return f"EX-{_digits(chance, 5)}"


def _digits(chance: Random, count: int) -> str:
    return "".join(str(chance.randrange(10)) for _ in range(count))
