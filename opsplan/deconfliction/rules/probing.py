"""When meeting a hidden claim again and again looks like feeling for it.

Whoever plans in good faith meets a hidden claim once: the commit is refused, the owner is called, the key is shown or
the plan changed. Whoever feels for it has to ask once for each thing it wants to know, and as all answers are of the
cell, needs many to learn no more than that. So the alert costs little, and its false alarms can be stated.
"""

from datetime import timedelta
from math import exp
from typing import Final

PROBES_TO_ALERT: Final = 12
"""Times within `PROBED_WITHIN` that a hidden claim is met before its owner is alerted; all agencies count together."""
PROBED_WITHIN: Final = timedelta(hours=24)


def false_alert_rate(met_a_day: float) -> float:
    """Give the chance that within a day plans made in good faith raise an alert on one hidden claim.

    Parameters
    ----------
    met_a_day
        How often, on average, such plans meet it in a day, each counted as often as it is refused or committed; they
        are taken to come independently (a Poisson process).

    >>> [f"{false_alert_rate(each):.1e}" for each in (1, 2, 4)]
    ['8.3e-10', '1.4e-06', '9.2e-04']
    """
    term = total = exp(-met_a_day)
    for number in range(1, PROBES_TO_ALERT):
        term *= met_a_day / number
        total += term
    if total < 0.9:
        return 1.0 - total
    # Of small chances the difference from 1 has no digits left: the tail is summed.
    tail, number = 0.0, PROBES_TO_ALERT
    term *= met_a_day / number
    while term > tail * 1e-17:
        tail += term
        number += 1
        term *= met_a_day / number
    return tail
