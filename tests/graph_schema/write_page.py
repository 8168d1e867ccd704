"""Writes the generated parts of `graph_schema`: ``python -m tests.graph_schema.write_page``."""

from pathlib import Path

from opsplan.nouns import CATALOGUE
from opsplan.records.integrity.labels import declared_labels
from opsplan.records.page import in_page, nouns_table, picture, relationship_sentences, service_labels_table

FOLDER = Path(__file__).parents[2] / "graph_schema"


def page_and_picture() -> tuple[str, str]:
    """Give `README.md` with its tables made anew, and `model.svg`."""
    labels = declared_labels()
    parts = {
        "nouns": nouns_table(CATALOGUE),
        "relationships": relationship_sentences(CATALOGUE),
        "service labels": service_labels_table(CATALOGUE, labels),
    }
    page = in_page((FOLDER / "README.md").read_text(encoding="utf-8"), parts)
    places = {label.name: label.at for label in labels.values() if label.at is not None}
    return page, picture(CATALOGUE, places)


if __name__ == "__main__":
    page, drawn = page_and_picture()
    (FOLDER / "README.md").write_text(page, encoding="utf-8")
    (FOLDER / "model.svg").write_text(drawn, encoding="utf-8")
