"""Hand-made files of every format become the problems that they mean, field by field."""

from solver import (
    Action,
    Anchor,
    CapacityStep,
    Country,
    Interval,
    Mode,
    Precedence,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Site,
    Unit,
    UnitNeed,
)
from solver.formats import read
from tests.solver.formats.files import FILES, fetcher


def read_file(name: str) -> Problem:
    """The problem of one of the hand-made files."""
    return read(name, fetcher(name, FILES[name]))


def a_renewable(name: str, capacity: int) -> Resource:
    return Resource(name, 0, None, (CapacityStep(0, capacity),))


def a_store(name: str, capacity: int) -> Resource:
    return Resource(name, 1, None, (CapacityStep(0, capacity),), renewable=False)


def a_job(name: str, modes: tuple[Mode, ...], from_slot: int, until_slot: int, project: int = 0) -> Action:
    return Action(name, 0, modes, (Interval(from_slot, until_slot),), mandatory=True, project=project)


def test_a_single_mode_file() -> None:
    """Dummies are gone, the release date is where windows begin, what is 0 is no need."""
    assert read_file("single.sm") == Problem(
        slot_minutes=1,
        horizon_slots=7,
        countries=(Country("country"),),
        resource_kinds=("renewable", "nonrenewable"),
        sites=(Site("site", 0),),
        resources=(a_renewable("R 1", 2),),
        actions=(
            a_job("job 2", (Mode(2, (), (ResourceNeed(0, 1, 0, 2),), name="mode 1"),), 1, 7),
            a_job("job 3", (Mode(3, (), (ResourceNeed(0, 2, 0, 3),), name="mode 1"),), 1, 7),
            a_job("job 4", (Mode(1, name="mode 1"),), 1, 7),
        ),
        precedences=(Precedence(0, 2),),
        projects=(Project("project"),),
    )


def test_a_multi_mode_file() -> None:
    """Modes keep their numbers; a nonrenewable resource is used up."""
    problem = read_file("multi.mm")
    assert problem.resources == (a_renewable("R 1", 3), a_store("N 1", 2))
    modes = (
        Mode(1, (), (ResourceNeed(0, 3, 0, 1), ResourceNeed(1, 2, 0, 1)), name="mode 1"),
        Mode(2, (), (ResourceNeed(0, 1, 0, 2),), name="mode 2"),
    )
    assert problem.actions[0] == a_job("job 2", modes, 0, 4)
    assert [action.name for action in problem.actions] == ["job 2", "job 3"]
    assert (problem.horizon_slots, problem.precedences, problem.projects) == (4, (), (Project("project"),))


def test_a_file_of_several_projects() -> None:
    """Shared resources are one, a project's own are its own; releases are windows; modes beyond what is shared stay."""
    problem = read_file("two.txt")
    assert problem.projects == (Project("project 1", 0, 2), Project("project 2", 1, 2))
    assert problem.resources == (
        a_renewable("shared R 1", 2),
        a_store("project 1, N 1", 2),
        a_store("project 2, N 1", 2),
    )
    assert problem.horizon_slots == 1 + 4 + 4
    assert [action.name for action in problem.actions] == [
        f"project {project}, job {job}" for project in (1, 2) for job in (2, 3)
    ]
    first, second = problem.actions[0], problem.actions[2]
    assert (first.project, first.windows) == (0, (Interval(0, 9),))
    assert (second.project, second.windows) == (1, (Interval(1, 9),))
    assert first.modes[0].resource_needs == (ResourceNeed(0, 3, 0, 1), ResourceNeed(1, 2, 0, 1))
    assert second.modes[0].resource_needs == (ResourceNeed(0, 3, 0, 1), ResourceNeed(2, 2, 0, 1))
    assert problem.precedences == ()


def test_a_file_of_skills() -> None:
    """Workers are units of one kind with skills; each skill required is a need; what else is told is passed over."""

    def a_worker(number: int, *skills: int) -> Unit:
        return Unit(f"worker {number}", 0, 1, 0, 0, (0,), (Interval(0, 5),), skills)

    assert read_file("skills.dzn") == Problem(
        slot_minutes=1,
        horizon_slots=5,
        countries=(Country("country"),),
        unit_kinds=("worker",),
        skills=("skill 1", "skill 2"),
        resource_kinds=("renewable", "nonrenewable"),
        sites=(Site("site", 0),),
        units=(a_worker(1, 0, 1), a_worker(2, 1), a_worker(3, 0)),
        actions=(
            a_job("activity 2", (Mode(2, (UnitNeed(0, 1, 1, (0,)), UnitNeed(0, 1, 1, (1,)))),), 0, 5),
            a_job("activity 3", (Mode(3, (UnitNeed(0, 1, 2, (1,)),)),), 0, 5),
        ),
        projects=(Project("project"),),
    )


def test_a_file_of_lags() -> None:
    """Lags from the source are windows, those to it their ends; the two of a pair are one precedence from start to
    start; a lag to the sink beyond the duration keeps the sink, for which the project's least makes up.
    """
    problem = read_file("lags.sch")
    assert problem.resources == (a_renewable("R 1", 2),)
    assert [action.name for action in problem.actions] == ["activity 1", "activity 2", "activity 3", "sink"]
    # Of each the duration or the longest lag that leaves it: 2 (the source), 3, 3, 1; and the sink's slot.
    assert problem.horizon_slots == 2 + 3 + 3 + 1 + 1
    assert [action.windows for action in problem.actions] == [
        (Interval(0, 10),),
        (Interval(2, 10),),
        (Interval(0, 7),),
        (Interval(0, 10),),
    ]
    # Activity 1 needs no lag to the sink: activity 2 starts after it and ends no earlier.
    assert problem.precedences == (
        Precedence(0, 1, 1, 4, Anchor.START),
        Precedence(1, 3, 3, None, Anchor.START),
        Precedence(2, 3, 1, None, Anchor.START),
    )
    assert problem.projects == (Project("project", 0, 1),)
