"""The picture of the graph as SVG: a box per noun on a grid, an arrow per relationship, a colour per room.

Where each box stands is data (`at` in `graph_schema/labels.toml`: column and row). A noun that many others refer to
gets no arrows; they name it inside their boxes instead, so that the rest can be seen.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from opsplan.records.declaration import Catalogue, Direction, Noun, Relation

_COLUMN, _ROW, _WIDTH = 268, 136, 166
_MARGIN = 24
_TITLE, _LINE = 26, 13
_HUB_FROM = 7
_ANYTHING_FROM = 12
_LETTER = 6.2
_COLOURS = (
    "#fde9c9",
    "#d9ecd6",
    "#f6d6d2",
    "#d4e4f4",
    "#e5daf1",
    "#e6e6e2",
    "#f9f3c2",
    "#d5eeee",
    "#f3dcea",
    "#dfe6c8",
)
_EDGE = "#5b6470"
_TEXT = "#1d232b"
_TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    f'<path d="M0 0 8 4 0 8z" fill="{_EDGE}"/></marker>'
)


@dataclass(frozen=True, slots=True)
class Box:
    """A noun's box: its centre and size in picture units, and its lines of text below the title."""

    noun: Noun
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    def border_towards(self, x: float, y: float) -> tuple[float, float]:
        """Give the point of the border on the way from the centre to a point outside."""
        dx, dy = x - self.x, y - self.y
        scale = min(
            self.width / 2 / abs(dx) if dx else math.inf,
            self.height / 2 / abs(dy) if dy else math.inf,
        )
        return self.x + dx * scale, self.y + dy * scale


@dataclass(frozen=True, slots=True)
class Edge:
    """All relationships from one noun to another, drawn as one arrow."""

    start: Box
    end: Box
    types: tuple[str, ...]

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """Where the arrow begins and ends, on the borders of its boxes."""
        return (
            *self.start.border_towards(self.end.x, self.end.y),
            *self.end.border_towards(self.start.x, self.start.y),
        )


def boxes(catalogue: Catalogue, places: Mapping[str, tuple[float, float]]) -> dict[str, Box]:
    """Place a box per noun.

    Raises
    ------
    ValueError
        When a noun has no place, or two share one.
    """
    lost = [noun.name for noun in catalogue if noun.name not in places]
    if lost or len({places[noun.name] for noun in catalogue}) < sum(1 for _ in catalogue):
        raise ValueError(f"give each noun a place of its own in labels.toml; without one: {lost}")
    hubs = _hubs(catalogue)
    made: dict[str, Box] = {}
    for noun in catalogue:
        lines = tuple(_lines(noun, hubs))
        column, row = places[noun.name]
        x = _MARGIN + column * _COLUMN + _WIDTH / 2
        y = _MARGIN + 20 + row * _ROW + _ROW / 2
        made[noun.name] = Box(noun, x, y, _WIDTH, _TITLE + len(lines) * _LINE + (6 if lines else 0), lines)
    return made


def edges(catalogue: Catalogue, placed: Mapping[str, Box]) -> list[Edge]:
    """Give the arrows between boxes, hubs and relationships of a noun to itself left out."""
    hubs = _hubs(catalogue)
    types: dict[tuple[str, str], list[str]] = {}
    for noun in catalogue:
        for relation in _drawn(noun):
            for target in relation.targets:
                if target != noun.name and target not in hubs:
                    types.setdefault((noun.name, target), []).append(relation.type)
    return [Edge(placed[start], placed[end], tuple(names)) for (start, end), names in types.items()]


def picture(catalogue: Catalogue, places: Mapping[str, tuple[float, float]]) -> str:
    """Draw the picture.

    Parameters
    ----------
    catalogue
        What is drawn.
    places
        Column and row of each noun's box, from 0; parts of one move it a little.
    """
    placed = boxes(catalogue, places)
    width = int(max(box.x + box.width / 2 for box in placed.values()) + _MARGIN)
    height = int(max(box.y + _ROW / 2 for box in placed.values()) + _MARGIN)
    owners = {owner: _COLOURS[place] for place, owner in enumerate(dict.fromkeys(each.owner for each in catalogue))}
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Helvetica, Arial, sans-serif" font-size="11">',
        "<title>The graph of opsplan: its nouns and how they refer to each other</title>",
        f"<defs>{_TIP}</defs>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_legend(owners),
    ]
    drawn = edges(catalogue, placed)
    parts += [_arrow(edge) for edge in drawn]
    parts += [_box(box, owners[box.noun.owner]) for box in placed.values()]
    # Labels last, so that no arrow runs over one.
    parts += [line for edge in drawn for line in _label(edge)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _hubs(catalogue: Catalogue) -> set[str]:
    referring: dict[str, set[str]] = {}
    for noun in catalogue:
        for relation in _drawn(noun):
            for target in relation.targets:
                referring.setdefault(target, set()).add(noun.name)
    return {name for name, nouns in referring.items() if len(nouns) >= _HUB_FROM}


def _drawn(noun: Noun) -> Iterator[Relation]:
    """Give the relations that arrows or lines stand for: not one that leads to records of any noun."""
    return (relation for relation in noun.own_relations if len(relation.targets) < _ANYTHING_FROM)


def _lines(noun: Noun, hubs: set[str]) -> Iterator[str]:
    for relation in noun.relations:
        if relation.direction is Direction.BOTH or (relation in noun.own_relations and noun.name in relation.targets):
            yield f"{relation.type} {noun.name}"
        elif len(relation.targets) >= _ANYTHING_FROM:
            yield f"{relation.type} any record"
        elif relation in noun.own_relations:
            yield from (f"{relation.type} {target}" for target in relation.targets if target in hubs)


def _legend(owners: Mapping[str, str]) -> Iterator[str]:
    x = _MARGIN
    for owner, colour in owners.items():
        yield f'<rect x="{x}" y="12" width="12" height="12" rx="2" fill="{colour}" stroke="{_EDGE}"/>'
        yield f'<text x="{x + 17}" y="22" fill="{_TEXT}">{escape(owner)}</text>'
        x += 34 + 7 * len(owner)


def _box(box: Box, colour: str) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    lines = "".join(
        f'<text x="{box.x:.0f}" y="{top + _TITLE + 8 + place * _LINE:.0f}" text-anchor="middle" font-size="9.5" '
        f'fill="{_EDGE}">{escape(line)}</text>'
        for place, line in enumerate(box.lines)
    )
    return (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="5" fill="{colour}" '
        f'stroke="{_EDGE}" stroke-width="0.8"/><text x="{box.x:.0f}" y="{top + 17:.0f}" text-anchor="middle" '
        f'font-size="12.5" font-weight="bold" fill="{_TEXT}">{escape(box.noun.label)}</text>{lines}'
    )


def _arrow(edge: Edge) -> str:
    x1, y1, x2, y2 = edge.ends
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{_EDGE}" stroke-width="1" fill="none" '
        'marker-end="url(#tip)"/>'
    )


def _label(edge: Edge) -> Iterator[str]:
    x1, y1, x2, y2 = edge.ends
    x, y = (x1 + x2) / 2, (y1 + y2) / 2 - (len(edge.types) - 1) * 5.5 + 3
    for place, name in enumerate(edge.types):
        base = y + place * 11
        text = f'text-anchor="middle" font-size="9.5" fill="{_TEXT}">{escape(name)}</text>'
        half = len(name) * _LETTER / 2
        yield f'<rect x="{x - half:.1f}" y="{base - 9:.1f}" width="{2 * half:.1f}" height="11" fill="#ffffff"/>'
        yield f'<text x="{x:.1f}" y="{base:.1f}" {text}'
