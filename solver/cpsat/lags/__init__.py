"""The exact model of a lagged project (`solver.lags`): whole, one block of it, or a neighbourhood of a plan."""
