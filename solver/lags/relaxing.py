"""Large neighbourhoods of the best plan, chosen adaptively and solved by CP-SAT."""

from __future__ import annotations

from collections.abc import Callable

from solver.chance import Chance
from solver.cpsat.lags.solve import Answer, Effort, ExactSolver, Shown
from solver.lags.shared import Shared
from solver.network import Network, Schedule

_FIRST_SIZE = 12.0
_SMALLEST_SIZE = 5.0
_GROWTH = 1.06
_SHRINK = 0.9
_MEMORY = 0.8
_LEAST_WEIGHT = 0.05
_GAIN, _NO_GAIN = 1.0, 0.1
_NEIGHBOURHOOD_WORK = 0.4
_SIDEWAYS_SHARE = 0.45
_FIRST_WHOLE_WORK = 0.25
_WHOLE_SHARE = 0.25


class Relaxing:
    """Which actions to set free, how many, and when to try the whole.

    Kinds of neighbourhoods are drawn by weights that follow what they brought lately (Ropke and Pisinger 2006); each
    has a size of its own that grows while it is solved to the end and shrinks when it is not. Often several actions
    end last at once, and no neighbourhood of one plan ends earlier; so nearly half of them may also go sideways, to
    another plan that ends as early, and each begins at one of these.

    Parameters
    ----------
    network
        The project.
    exact
        Solves its models.
    chance
        Its random choices.
    """

    def __init__(self, network: Network, exact: ExactSolver, chance: Chance) -> None:
        self._network = network
        self._exact = exact
        self._chance = chance
        self._count = len(network.project.durations)
        self._skilled = any(network.project.needs)
        self._blocks = [block for block in network.blocks if len(block) > 1]
        self._kinds: list[Callable[[Schedule, int], set[int]]] = [
            self._window,
            self._anywhere,
            self._tied,
            self._rivals,
        ]
        if self._blocks:
            self._kinds.append(self._block)
        self._weights = [1.0] * len(self._kinds)
        self._sizes = [_FIRST_SIZE] * len(self._kinds)
        self._work = 0.0
        self._whole_work = 0.0
        self._whole_limit = _FIRST_WHOLE_WORK

    def step(self, shared: Shared, effort: Effort) -> float:
        """Solve one neighbourhood of the shared plan, or the whole when that is due, and share what it shows.

        Parameters
        ----------
        shared
            The best plan of all and what is proven.
        effort
            Limits; the deterministic one holds beside those of the step.

        Returns
        -------
        float
            CP-SAT's deterministic seconds.
        """
        schedule = shared.best
        # The whole comes first, when it may be easy, and then now and then for longer.
        due = self._whole_work + self._whole_limit <= _WHOLE_SHARE * (self._work + self._whole_limit)
        if schedule is None or not self._work or due:
            answer = self._try_whole(schedule, shared, effort)
        else:
            answer = self._try_some(shared.drawn(self._chance) or schedule, effort)
        shared.offer(answer.schedule(self._network))
        self._work += answer.deterministic_seconds
        return answer.deterministic_seconds

    def _try_whole(self, schedule: Schedule | None, shared: Shared, effort: Effort) -> Answer:
        limited = self._limited(effort, self._whole_limit)
        answer = self._exact.whole(schedule, shared.least_end_slot, limited)
        self._whole_work += answer.deterministic_seconds
        self._whole_limit *= 2
        if answer.shown is not Shown.NONE:
            shared.prove(answer.least_end_slot)
        elif schedule is None:
            shared.prove_impossible()
        else:
            shared.prove(schedule.end_slot)
        return answer

    def _try_some(self, schedule: Schedule, effort: Effort) -> Answer:
        kind = self._drawn_kind()
        free = self._kinds[kind](schedule, min(self._count, round(self._sizes[kind])))
        plainly = self._skilled and self._chance.below(2) == 0
        limited = self._limited(effort, _NEIGHBOURHOOD_WORK)
        if self._chance.share() < _SIDEWAYS_SHARE:
            # Whether it ends or not says little of its size: there is nearly always some plan.
            return self._exact.neighbourhood(schedule, free, limited, plainly, self._leanings(free))
        answer = self._exact.neighbourhood(schedule, free, limited, plainly)
        gain = _NO_GAIN if answer.starts is None else _GAIN
        self._weights[kind] = max(_LEAST_WEIGHT, _MEMORY * self._weights[kind] + (1 - _MEMORY) * gain)
        solved = answer.shown in (Shown.BEST, Shown.NONE)
        size = self._sizes[kind] * (_GROWTH if solved else _SHRINK)
        self._sizes[kind] = min(max(size, _SMALLEST_SIZE), self._count)
        return answer

    def _leanings(self, free: set[int]) -> dict[int, int]:
        """Whither free actions are to move where the end stays: all of them earlier, or each as chance has it."""
        if self._chance.below(2) == 0:
            return dict.fromkeys(sorted(free), 1)
        return {action: self._chance.below(3) - 1 for action in sorted(free)}

    def _limited(self, effort: Effort, deterministic_seconds: float) -> Effort:
        deterministic_seconds = min(deterministic_seconds, effort.deterministic_seconds)
        return Effort(deterministic_seconds, effort.seconds, self._chance.below(1 << 30), effort.over)

    def _drawn_kind(self) -> int:
        point = self._chance.share() * sum(self._weights)
        for kind, weight in enumerate(self._weights):
            point -= weight
            if point < 0:
                return kind
        return len(self._weights) - 1

    def _nearest(self, schedule: Schedule, slot: float, size: int, actions: range | list[int]) -> set[int]:
        durations = self._network.project.durations

        def away(action: int) -> tuple[float, int]:
            return abs(schedule.starts[action] + durations[action] / 2 - slot), action

        return set(sorted(actions, key=away)[:size])

    def _window(self, schedule: Schedule, size: int) -> set[int]:
        """What happens round one time."""
        return self._nearest(schedule, self._chance.share() * schedule.end_slot, size, range(self._count))

    def _anywhere(self, _schedule: Schedule, size: int) -> set[int]:
        """Any actions."""
        actions = list(range(self._count))
        self._chance.shuffle(actions)
        return set(actions[:size])

    def _tied(self, _schedule: Schedule, size: int) -> set[int]:
        """An action and those near it in the network of lags."""
        free: dict[int, None] = {}
        while len(free) < size:
            queue = [self._chance.below(self._count)]
            for action in queue:
                if len(free) == size:
                    break
                if action in free:
                    continue
                free[action] = None
                near = [other for other, _ in (*self._network.arcs_from[action], *self._network.arcs_to[action])]
                self._chance.shuffle(near)
                queue += near
        return set(free)

    def _rivals(self, schedule: Schedule, size: int) -> set[int]:
        """Actions round one time that want the same resource or unit as one of them, then others there."""
        project = self._network.project
        seed = self._chance.below(self._count)
        slot = schedule.starts[seed] + project.durations[seed] / 2
        resources = [resource for resource, amount in enumerate(project.demands[seed]) if amount]
        candidates = sorted({need.units for need in project.needs[seed]})
        choice = self._chance.below(len(resources) + len(candidates)) if resources or candidates else None
        if choice is None:
            return self._nearest(schedule, slot, size, range(self._count))
        if choice < len(resources):
            rivals = [action for action in range(self._count) if project.demands[action][resources[choice]]]
        else:
            wanted = candidates[choice - len(resources)]
            rivals = [
                action
                for action in range(self._count)
                if any(not set(need.units).isdisjoint(wanted) for need in project.needs[action])
            ]
        free = self._nearest(schedule, slot, max(1, 3 * size // 4), rivals)
        others = [action for action in range(self._count) if action not in free]
        return free | self._nearest(schedule, slot, size - len(free), others)

    def _block(self, schedule: Schedule, size: int) -> set[int]:
        """One block, or a part of it, and what happens round it."""
        block = self._chance.pick(self._blocks)
        slot = schedule.starts[self._chance.pick(block)]
        free = self._nearest(schedule, slot, min(len(block), size), list(block))
        others = [action for action in range(self._count) if action not in free]
        return free | self._nearest(schedule, slot, size - len(free), others)
