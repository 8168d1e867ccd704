"""What may go wrong with a plan, in the graph's words: which spreads hold for whom, and the figures by record. Pure.

Here live the spreads that hold where a caller names none (`spreads.toml`, each with its source; `spreads` reads them),
what they make of an operation (`uncertainty`), and the figures as JSON values (`figures`). The simulation is
`solver.risk`.
"""

from opsplan.scheduling.risk.figures import risk_figures
from opsplan.scheduling.risk.spreads import DEFAULT_SPREADS, Spreads
from opsplan.scheduling.risk.uncertainty import uncertainty_of

__all__ = ["DEFAULT_SPREADS", "Spreads", "risk_figures", "uncertainty_of"]
