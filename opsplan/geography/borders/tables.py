"""What Natural Earth's features do not say by themselves, as two tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeparatedTerritory:
    """A territory with an ISO code of its own that Natural Earth draws as part of another feature.

    `feature` is that feature's ADM0_A3. Every polygon of the feature that lies within the box (degrees: west, south,
    east, north) belongs to the territory. The boxes are drawn in open sea round the islands, French Guiana's through
    its land borders.
    """

    code: str
    feature: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ContestedArea:
    """An area without an ISO code, or claimed by several states so that Natural Earth gives it to none.

    Attributes
    ----------
    key
        Short name within opsplan.
    name
        Name for people, with the reason in brackets.
    claimants
        Countries that hold, claim or are held to have the area, by code: the candidates for a point there.
    feature
        ADM0_A3 of the feature that draws it; None when it is a white spot.
    inside
        For a white spot: longitude and latitude of a point in it.
    """

    key: str
    name: str
    claimants: tuple[str, ...]
    feature: str | None = None
    inside: tuple[float, float] | None = None


SEPARATED_TERRITORIES = (
    SeparatedTerritory("GF", "FRA", (-55.0, 2.0, -51.0, 6.2)),
    SeparatedTerritory("GP", "FRA", (-62.0, 15.7, -60.9, 16.6)),
    SeparatedTerritory("MQ", "FRA", (-61.3, 14.3, -60.7, 15.0)),
    SeparatedTerritory("RE", "FRA", (55.0, -21.5, 56.0, -20.7)),
    SeparatedTerritory("YT", "FRA", (44.8, -13.1, 45.5, -12.5)),
    SeparatedTerritory("BQ", "NLD", (-68.5, 11.9, -68.1, 12.4)),  # Bonaire
    SeparatedTerritory("BQ", "NLD", (-63.4, 17.4, -62.9, 17.7)),  # Saba, Sint Eustatius
    SeparatedTerritory("SJ", "NOR", (8.0, 73.5, 36.0, 82.0)),  # Svalbard
    SeparatedTerritory("SJ", "NOR", (-9.5, 70.5, -7.5, 71.5)),  # Jan Mayen
    SeparatedTerritory("BV", "NOR", (3.0, -55.0, 4.0, -54.0)),
    SeparatedTerritory("CX", "IOA", (105.0, -11.0, 106.0, -10.0)),
    SeparatedTerritory("CC", "IOA", (96.0, -13.0, 97.5, -11.5)),
)

CONTESTED_AREAS = (
    ContestedArea("kosovo", "Kosovo (no code in ISO 3166-1)", ("RS",), feature="KOS"),
    ContestedArea("akrotiri", "Akrotiri (British sovereign base)", ("CY", "GB"), feature="WSB"),
    ContestedArea("dhekelia", "Dhekelia (British sovereign base)", ("CY", "GB"), feature="ESB"),
    ContestedArea("guantanamo", "Guantanamo Bay (Cuban soil leased to the United States)", ("CU", "US"), feature="USG"),
    ContestedArea("bir_tawil", "Bir Tawil (claimed by neither neighbour)", ("EG", "SD"), feature="BRT"),
    ContestedArea(
        "spratly", "Spratly Islands (claimed by several)", ("BN", "CN", "MY", "PH", "TW", "VN"), feature="PGA"
    ),
    ContestedArea("scarborough", "Scarborough Reef (claimed by several)", ("CN", "PH", "TW"), feature="SCR"),
    ContestedArea("brazilian_island", "Brazilian Island (claimed by both neighbours)", ("BR", "UY"), feature="BRI"),
    ContestedArea("artigas", "Corner of Artigas (claimed by both neighbours)", ("BR", "UY"), inside=(-55.96, -30.96)),
    ContestedArea("golan", "Golan Heights (held by Israel, Syrian in ISO 3166-2)", ("IL", "SY"), inside=(35.73, 33.03)),
    ContestedArea("abyei", "Abyei (status open between both neighbours)", ("SD", "SS"), inside=(28.42, 9.67)),
    ContestedArea(
        "patagonian_ice", "Southern Patagonian Ice Field (border not drawn)", ("AR", "CL"), inside=(-73.31, -49.52)
    ),
)
