"""Orders: for each noun that can be sorted, one enum of its sort keys in both directions."""

from typing import Any

from opsplan.reading.compile.order import ASCENDING, DESCENDING, order_name
from opsplan.reading.shape.shapes import Shapes
from opsplan.reading.types.enums import made_enum


def make_orders(shapes: Shapes) -> dict[str, Any]:
    """Give the order enum of each noun, by noun; nouns without a sort key have none."""
    made: dict[str, Any] = {}
    for shape in shapes:
        members: dict[str, str] = {}
        for each in shape.noun.all_properties:
            if each.sorted_by:
                last = "" if each.required else " Those without one come last."
                what = each.description.rstrip(".")
                members[f"{order_name(each.name)}{ASCENDING}"] = f"{what}, rising.{last}"
                members[f"{order_name(each.name)}{DESCENDING}"] = f"{what}, falling.{last}"
        if members:
            text = f"How {shape.noun.plural} are sorted; those that are equal stand by id."
            made[shape.name] = made_enum(f"{shape.name}Order", members, text)
    return made
