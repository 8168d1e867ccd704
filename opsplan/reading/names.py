"""How names of the graph are written in GraphQL.

>>> camel("overlapping_markets"), first_lower("VictimEstimate")
('overlappingMarkets', 'victimEstimate')
"""

from opsplan.records.declaration import Kind, Noun, Property

_MINUTES_SUFFIX = "_minutes"


def camel(name: str) -> str:
    """Write a snake-case name in camel case."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def pascal(name: str) -> str:
    """Write a snake-case name in Pascal case."""
    text = camel(name)
    return text[:1].upper() + text[1:]


def first_lower(name: str) -> str:
    """Write a Pascal-case name in camel case."""
    return name[:1].lower() + name[1:]


def property_field(declared: Property) -> str:
    """Give the GraphQL name of a property: a MINUTES property loses its unit, which the scalar carries.

    >>> property_field(Property("max_duty_minutes", Kind.MINUTES, "Longest spell of duty."))
    'maxDuty'
    """
    if declared.kind is Kind.MINUTES:
        return camel(declared.name.removesuffix(_MINUTES_SUFFIX))
    return camel(declared.name)


def singular_field(noun: Noun) -> str:
    """Give the name of the root field that looks one record up."""
    return first_lower(noun.name)


def plural_field(noun: Noun) -> str:
    """Give the name of the root field that lists records; a noun without a plural of its own takes ``all``."""
    return first_lower(noun.plural) if noun.plural != noun.name else f"all{noun.plural}"
