"""Inputs that compare one value: for texts, numbers, instants, choices, lists and points."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from opsplan.reading.shape.fields import ValueField
from opsplan.reading.types import scalars
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.making import input_field, many, new_input, put_fields
from opsplan.records.declaration import Kind
from opsplan.vocabulary.place import GeoPoint

_EQUAL = {"eq": "Equal to this.", "in": "Equal to one of these."}
_ORDERED = {
    "gt": "Greater (later) than this.",
    "gte": "This or greater.",
    "lt": "Less (earlier) than this.",
    "lte": "This or less.",
}
_LISTED = {"has": "Holds this.", "hasAny": "Holds at least one of these.", "hasAll": "Holds all of these."}
_NULL = "Whether there is no value."

_NAMES: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: ("TextFilter", "text"),
    Kind.LONG_TEXT: ("TextFilter", "text"),
    Kind.INTEGER: ("IntFilter", "number"),
    Kind.FLOAT: ("FloatFilter", "number"),
    Kind.BOOLEAN: ("BooleanFilter", "flag"),
    Kind.INSTANT: ("DateTimeFilter", "instant"),
    Kind.LOCAL_TIME: ("LocalTimeFilter", "local time"),
    Kind.MINUTES: ("DurationFilter", "duration"),
    Kind.TEXT_LIST: ("TextListFilter", "list of texts"),
    Kind.COUNTRY_CODES: ("CountryCodesFilter", "list of countries"),
    Kind.LANGUAGES: ("LanguagesFilter", "list of languages"),
    Kind.ZONES: ("TimeZonesFilter", "list of time zones"),
    Kind.POINT: ("PointFilter", "point"),
    Kind.JSON: ("PresenceFilter", "value"),
}
_ORDERED_KINDS = frozenset({Kind.INTEGER, Kind.FLOAT, Kind.INSTANT, Kind.LOCAL_TIME, Kind.MINUTES})
_LISTS = frozenset({Kind.TEXT_LIST, Kind.COUNTRY_CODES, Kind.LANGUAGES, Kind.ZONES})


class Comparisons:
    """The comparison inputs, each made when it is first needed."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._areas = _areas()

    def of(self, field: ValueField) -> Any:
        """Give the input that compares the values of a field."""
        if field.identifier:
            return self._once("IdFilter", "an id", self._equal, _id())
        if field.choices is not None:
            if field.kind is Kind.CHOICE_LIST:
                return self._choice(field.choices, f"{field.choices.__name__}ListFilter", many=True)
            return self._choice(field.choices, f"{field.choices.__name__}Filter", many=False)
        name, what = _NAMES[field.kind]
        python: Any = scalars.PYTHON_TYPES[field.kind]
        if field.kind in _LISTS:
            return self._once(name, f"a {what}", self._listed, python.__args__[0])
        if field.kind is Kind.POINT:
            return self._once(name, f"a {what}", self._point, python)
        if field.kind is Kind.JSON:
            return self._once(name, "whether there is a value", lambda _: [], python)
        if field.kind is Kind.BOOLEAN:
            return self._once(name, f"a {what}", lambda each: self._equal(each)[:1], python)
        if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
            return self._once(name, f"a {what}, by its exact letters", self._text, python)
        article = "an" if what[0] in "aeiou" else "a"
        return self._once(name, f"{article} {what}", self._ordered, python)

    def _choice(self, choices: type[StrEnum], name: str, *, many: bool) -> Any:
        what = f"{'a list' if many else 'a choice'} of {choices.__name__}"
        return self._once(name, what, self._listed if many else self._equal, enum_of(choices))

    def _once(self, name: str, what: str, fields: Any, python: Any) -> Any:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = new_input(name, f"Compares {what}. All that is given must hold.")
            empty = name.endswith("ListFilter") or name in {_NAMES[kind][0] for kind in _LISTS}
            null = ("isEmpty", "Whether there is nothing in it.") if empty else ("isNull", _NULL)
            put_fields(made, [*fields(python), input_field(null[0], bool, null[1])])
        return made

    @staticmethod
    def _equal(python: Any) -> list[Any]:
        return [input_field("eq", python, _EQUAL["eq"]), input_field("in", many(python), _EQUAL["in"])]

    def _ordered(self, python: Any) -> list[Any]:
        return [*self._equal(python), *(input_field(name, python, text) for name, text in _ORDERED.items())]

    def _text(self, python: Any) -> list[Any]:
        return [
            *self._equal(python),
            input_field("startsWith", python, "Begins with this, in these letters."),
            input_field("contains", python, "Contains this, in these letters."),
        ]

    @staticmethod
    def _listed(python: Any) -> list[Any]:
        return [
            input_field("has", python, _LISTED["has"]),
            input_field("hasAny", many(python), _LISTED["hasAny"]),
            input_field("hasAll", many(python), _LISTED["hasAll"]),
        ]

    def _point(self, _: Any) -> list[Any]:
        return [
            input_field("withinRadius", self._areas["Radius"], "Within a distance of a point."),
            input_field("withinBox", self._areas["Box"], "Within a box of longitudes and latitudes."),
            input_field("withinPolygon", self._areas["Polygon"], "Within a polygon."),
        ]


def _id() -> Any:
    import strawberry

    return strawberry.ID


def _areas() -> dict[str, Any]:
    radius = new_input("RadiusInput", "A circle on the Earth, taken as a sphere.")
    put_fields(
        radius,
        [
            input_field("center", GeoPoint, "Its centre.", required=True),
            input_field("radiusM", float, "Great-circle distance in metres.", required=True),
        ],
    )
    box = new_input("BoxInput", "A box of longitudes and latitudes; one that crosses the antimeridian is west > east.")
    put_fields(
        box,
        [
            input_field("southWest", GeoPoint, "Its south-western corner.", required=True),
            input_field("northEast", GeoPoint, "Its north-eastern corner.", required=True),
        ],
    )
    polygon = new_input(
        "PolygonInput",
        "A polygon with straight edges between longitudes and latitudes; it may cross the antimeridian, "
        "and goes round no pole.",
    )
    put_fields(
        polygon,
        [
            input_field(
                "vertices", many(GeoPoint), "Its corners in order, 3 to 1,000; the last joins the first.", required=True
            )
        ],
    )
    return {"Radius": radius, "Box": box, "Polygon": polygon}
