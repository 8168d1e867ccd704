"""Loads stand on a graph with a few countries and nothing else."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Actor, Role

LOADER = Actor(subject="machine:test", roles=frozenset({Role.ADMINISTRATOR}))

WriteFile = Callable[[str, Sequence[Mapping[str, Any]]], Path]


@pytest.fixture
async def world(empty_graph: Graph) -> Graph:
    """Give a graph that knows the countries and nothing else."""
    await keep_countries(empty_graph)
    return empty_graph


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Give a function that writes rows as JSON Lines to a file of a name and gives its path."""

    def write(name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write
