"""Benchmarks: each behind a make target of its own, printing figures of one run; none gates on wall time."""
