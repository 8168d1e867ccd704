"""Random problems with a planted plan: how good a plan exists is known, whatever the search finds.

The geography is invented: countries are discs on a plane, each with one airport. Everything is drawn round a plan that
was planted first, so that plan keeps every rule by construction (and `verify` says so in the tests that use it).
"""

from tests.solver.planted.plant import plant
from tests.solver.planted.shape import PlantedProblem, Shape

__all__ = ["PlantedProblem", "Shape", "plant"]
