"""`graph_schema/labels.toml`: every label of the graph and the room that owns it."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import opsplan

_NAME = "labels.toml"


@dataclass(frozen=True, slots=True)
class Label:
    """A label: the room that writes it, what a node of it stands for, and where its box stands in the picture.

    `at` is column and row, from 0, parts of one allowed; None for labels that are not drawn.
    """

    name: str
    owner: str
    means: str
    at: tuple[float, float] | None


def declared_labels() -> dict[str, Label]:
    """Read the labels of this opsplan, from the installed package or from the clone."""
    packaged = files("opsplan") / "_graph_schema" / _NAME
    if packaged.is_file():
        text = packaged.read_text(encoding="utf-8")
    else:
        text = (Path(opsplan.__file__).parents[1] / "graph_schema" / _NAME).read_text(encoding="utf-8")
    return {
        name: Label(name, each["owner"], each["means"], (each["at"][0], each["at"][1]) if "at" in each else None)
        for name, each in tomllib.loads(text).items()
    }
