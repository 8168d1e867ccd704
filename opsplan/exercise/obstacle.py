"""Why some actions cannot be placed: planted, named, and to be reported by every run."""

from enum import StrEnum


class Obstacle(StrEnum):
    """What stands in the way of an action, each by itself enough."""

    NO_UNIT_OF_TYPE = "NO_UNIT_OF_TYPE"
    NO_UNIT_WITH_LANGUAGE = "NO_UNIT_WITH_LANGUAGE"
    NO_PERMITTED_UNIT = "NO_PERMITTED_UNIT"
    UNITS_ABSENT = "UNITS_ABSENT"
    UNREACHABLE_IN_TIME = "UNREACHABLE_IN_TIME"
    WINDOW_TOO_SHORT = "WINDOW_TOO_SHORT"
    QUIET_HOURS = "QUIET_HOURS"
    WARRANT_OUTSIDE_WINDOW = "WARRANT_OUTSIDE_WINDOW"
    TOO_FEW_BEDS = "TOO_FEW_BEDS"
    LAG_OUT_OF_REACH = "LAG_OUT_OF_REACH"
    PREDECESSOR_CANNOT = "PREDECESSOR_CANNOT"
    GROUP_MEMBER_CANNOT = "GROUP_MEMBER_CANNOT"
    GROUP_WINDOWS_APART = "GROUP_WINDOWS_APART"

    @property
    def code(self) -> str:
        """The code of the reason that a run must report: a key of ``solver.explain.CODES``."""
        return _CODES.get(self, self.value)


_CODES = {
    Obstacle.NO_UNIT_WITH_LANGUAGE: "NO_UNIT_OF_TYPE",
    Obstacle.UNITS_ABSENT: "NO_AVAILABLE_UNIT",
    Obstacle.QUIET_HOURS: "FORBIDDEN_HOURS_COVER_WINDOW",
    Obstacle.TOO_FEW_BEDS: "NOT_ENOUGH_CAPACITY",
    Obstacle.LAG_OUT_OF_REACH: "LAG_CANNOT_BE_KEPT",
    Obstacle.GROUP_WINDOWS_APART: "GROUP_TIMES_DO_NOT_MEET",
}
