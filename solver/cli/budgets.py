"""The budget of a command, as it is asked for."""

from __future__ import annotations

import argparse

from solver.budget import Budget


def add_budget(parser: argparse.ArgumentParser, seconds: str = "60") -> None:
    """Let a command ask for a budget; `seconds` is what it gets unasked."""
    parser.add_argument("--seconds", type=float, help=f"wall seconds (default {seconds}, or none with --work)")
    parser.set_defaults(usual_seconds=float(seconds))
    parser.add_argument("--work", type=int, help="work in moves; with one worker the result is reproducible")
    parser.add_argument("--workers", type=int, default=2, help="threads of the search, CP-SAT's included (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices (default 1)")


def budget_of(options: argparse.Namespace) -> Budget:
    """Give the budget that was asked for."""
    seconds = options.seconds
    if seconds is None and options.work is None:
        seconds = options.usual_seconds
    return Budget(seconds, options.work, options.workers, options.seed)
