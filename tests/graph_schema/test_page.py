"""Tests of the model's page and picture: they say what the nouns say, and the picture can be read."""

import xml.etree.ElementTree as Xml

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.records.integrity.labels import declared_labels
from opsplan.records.page import in_page, picture
from opsplan.records.page.picture import Box, boxes, edges
from tests.graph_schema.write_page import FOLDER, page_and_picture

PLACES = {label.name: label.at for label in declared_labels().values() if label.at is not None}


def test_the_committed_page_and_picture_are_those_of_the_nouns() -> None:
    """README.md's tables and model.svg are what the catalogue gives now; else run tests.graph_schema.write_page."""
    page, drawn = page_and_picture()
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == page
    assert (FOLDER / "model.svg").read_text(encoding="utf-8") == drawn


def test_the_page_tells_of_every_noun_and_relationship() -> None:
    """Each label and each relationship type of the catalogue stands in the page."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for noun in CATALOGUE:
        assert f"| `{noun.label}` | {noun.owner} |" in page
        for relation in noun.own_relations:
            assert f"`{noun.label}` **{relation.type}** `{relation.targets[0]}`" in page


def test_the_picture_is_well_formed_and_names_everything() -> None:
    """It is XML, loads nothing from elsewhere, and holds each noun's name and each relationship's type."""
    drawn = picture(CATALOGUE, PLACES)
    root = Xml.fromstring(drawn)
    texts = " ".join("".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text"))
    for noun in CATALOGUE:
        assert noun.label in texts
        assert all(relation.type in texts for relation in noun.own_relations)
    assert "href" not in drawn


def test_no_arrow_runs_through_a_box_and_no_boxes_touch() -> None:
    """An arrow meets only the boxes that it joins, so that nobody reads a relationship that is not there."""
    placed = boxes(CATALOGUE, PLACES)
    for edge in edges(CATALOGUE, placed):
        for box in placed.values():
            if box not in (edge.start, edge.end):
                assert not _meets(edge.ends, box), (edge.start.noun.name, edge.end.noun.name, box.noun.name)
    for one in placed.values():
        for other in placed.values():
            apart = abs(one.x - other.x) >= one.width + 8 or abs(one.y - other.y) >= (one.height + other.height) / 2 + 8
            assert one is other or apart


def _meets(ends: tuple[float, float, float, float], box: Box) -> bool:
    """Whether a line comes within three units of a box, tried at 500 of its points."""
    x1, y1, x2, y2 = ends
    points = ((x1 + (x2 - x1) * step / 500, y1 + (y2 - y1) * step / 500) for step in range(501))
    return any(abs(x - box.x) < box.width / 2 + 3 and abs(y - box.y) < box.height / 2 + 3 for x, y in points)


def test_a_noun_without_a_place_is_named() -> None:
    """A new noun fails with its name, so that whoever adds it gives it a place."""
    with pytest.raises(ValueError, match="Compound"):
        picture(CATALOGUE, {name: at for name, at in PLACES.items() if name != "Compound"})


def test_a_page_without_its_marks_is_refused() -> None:
    """A generated part that has lost its place in the page is not dropped in silence."""
    with pytest.raises(ValueError, match="nouns"):
        in_page("# Model\n", {"nouns": "x"})
