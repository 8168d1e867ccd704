"""`python -m tests.oracle URL TOKEN PLAN_ID`: fetch a plan, judge it, print a table and the verdict.

TOKEN may be `-`: it is then read from standard input, which keeps it out of the list of processes. Ends with 0 when
the plan is accepted, 1 when it is refused, 2 when it could not be fetched.
"""

import sys
from collections import Counter
from collections.abc import Sequence

import httpx

from tests.oracle.check import RULES, check
from tests.oracle.fetch import Unanswered, fetch

_ACCEPTED, _REFUSED, _UNKNOWN, _USAGE = 0, 1, 2, 64
_ARGUMENTS = 3
_SHOWN = 20


def main(arguments: Sequence[str]) -> int:
    """Run the command and give its exit status."""
    if len(arguments) != _ARGUMENTS:
        print("usage: python -m tests.oracle URL TOKEN PLAN_ID", file=sys.stderr)
        return _USAGE
    url, token, plan_id = arguments
    try:
        facts, plan = fetch(url, sys.stdin.readline().strip() if token == "-" else token, plan_id)
    except (Unanswered, httpx.HTTPError) as failure:
        print(f"oracle: the plan could not be fetched: {failure}", file=sys.stderr)
        return _UNKNOWN
    breaches = check(facts, plan)
    counts = Counter(breach.rule for breach in breaches)
    print(f"{'rule':<22}breaches")
    for rule in RULES:
        print(f"{rule:<22}{counts[rule]:>8}")
    for breach in breaches[:_SHOWN]:
        print(f"BROKEN {breach.rule}: {breach.sentence}")
    if len(breaches) > _SHOWN:
        print(f"... and {len(breaches) - _SHOWN} more")
    in_play = sum(action.in_play for action in facts.actions.values())
    print(
        f"oracle: plan={plan.id} number={plan.number} state={plan.state} placed={len(plan.placements)}/{in_play} "
        f"units={len(facts.units)} broken={len(breaches)} verdict={'refused' if breaches else 'accepted'}"
    )
    return _REFUSED if breaches else _ACCEPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
