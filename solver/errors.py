"""The two ways in which the solver refuses: the caller's problem is wrong, or the solver itself is."""

from __future__ import annotations

_LONGEST_VALUE_SHOWN = 80


class SolverError(Exception):
    """Root of all errors that this package raises on purpose."""


class InvalidProblem(SolverError, ValueError):
    """A problem, solution or file is refused; the message names the field, its value and the remedy.

    Parameters
    ----------
    path
        Where the fault is, for example ``actions[3].modes[0].duration_slots``.
    value
        The offending value; shown shortened.
    remedy
        What would be accepted instead, as a sentence without its full stop.
    """

    def __init__(self, path: str, value: object, remedy: str) -> None:
        self.path = path
        self.value = value
        self.remedy = remedy
        super().__init__(path, value, remedy)

    def __str__(self) -> str:
        shown = repr(self.value)
        if len(shown) > _LONGEST_VALUE_SHOWN:
            shown = shown[:_LONGEST_VALUE_SHOWN] + "..."
        return f"{self.path or 'problem'}: {shown} is refused; {self.remedy}."

    def under(self, prefix: str) -> InvalidProblem:
        """Return the same refusal with `prefix` put before its path (``modes[0]`` + ``cost``)."""
        needs_no_dot = not self.path or not prefix or self.path.startswith("[")
        joined = prefix + self.path if needs_no_dot else f"{prefix}.{self.path}"
        return InvalidProblem(joined, self.value, self.remedy)


class ModelInvalid(SolverError, RuntimeError):
    """The solver made a model or a plan that breaks its own rules: a defect here, not the caller's fault."""
