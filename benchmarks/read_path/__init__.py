"""Compiled reads against the raw driver, on one server, in one process, alternating."""
