"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import solver

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(solver.__path__, "solver.") if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Every example of the module gives what it says."""
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
