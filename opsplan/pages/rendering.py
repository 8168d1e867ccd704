"""How a page is written from its template: all that is filled in is text, and what is missing is a fault."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def render(template: str, filters: Mapping[str, Callable[[Any], str]] | None = None, **values: Any) -> str:
    """Fill in a template of this room."""
    environment = Environment(
        loader=PackageLoader("opsplan.pages"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters or {}
    return environment.get_template(template).render(**values)
