"""Ways to search are drawn by what they have brought."""

from collections import Counter

from solver.adaptive import BETTER, NOTHING, Wheel
from solver.chance import Chance


def test_what_brings_more_is_drawn_more_often_and_nothing_is_given_up() -> None:
    """After forty uses without a gain a way is drawn seldom, yet drawn; the one that gains stays in front."""
    wheel = Wheel(("good", "useless"))
    for _ in range(40):
        wheel.reward("good", BETTER)
        wheel.reward("useless", NOTHING)
    chance = Chance(5)
    drawn = Counter(wheel.pick(chance) for _ in range(2_000))
    assert 40 <= drawn["useless"] <= 200


def test_a_way_that_begins_to_gain_comes_back() -> None:
    """Twenty gains after long uselessness bring a way near to one that always gained."""
    wheel = Wheel(("one", "other"))
    for _ in range(60):
        wheel.reward("one", NOTHING)
    for _ in range(20):
        wheel.reward("one", BETTER)
    assert wheel.weights["one"] > 0.8 * wheel.weights["other"]


def test_equal_chance_draws_alike() -> None:
    """The same seed and rewards give the same draws."""
    wheels = [Wheel("abcd") for _ in range(2)]
    draws = []
    for wheel in wheels:
        chance = Chance(3)
        draws.append([wheel.pick(chance) for _ in range(50)])
    assert draws[0] == draws[1]
