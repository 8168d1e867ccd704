"""What callers learn of errors: all of what is theirs, nothing of our inside."""

import pytest
from graphql import GraphQLError
from graphql.pyutils import Path

from opsplan.calls.errors import MASKED, PublicError, describe, public
from opsplan.calls.plain import plain
from opsplan.calls.refusals import (
    ConflictError,
    ForbiddenError,
    IdempotencyConflictError,
    InvalidInput,
    NotFoundError,
    RecordInUseError,
    StateConflictError,
    VersionConflictError,
    refusal_of,
)
from opsplan.records.problem import Problem, invalid
from opsplan.vocabulary import errors
from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.faults import kinds


def _every_kind(kind=OpsplanError):
    yield kind
    for each in kind.__subclasses__():
        yield from _every_kind(each)


OURS = [kind for kind in _every_kind() if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_kind_of_error_keeps_its_code_and_says_whether_to_try_again(kind):
    """Code and retryable are those of the class, whichever it is."""
    _, extensions = describe(kind("words", field="input.name", remedy="give another"))
    assert extensions["code"] == kind.code
    assert extensions["retryable"] is kind.retryable


@pytest.mark.parametrize("kind", [errors.Unavailable, errors.TimedOut, errors.OutOfMemory, errors.SetupError])
def test_what_tells_of_our_inside_is_said_in_other_words(kind):
    """Names of servers, statements and settings stay inside; the caller gets a sentence, a remedy, an error id."""
    message, extensions = describe(kind("bolt://10.0.0.7 did not answer records.create_Compound", field="OPSPLAN_X"))
    assert "bolt" not in message + str(extensions)
    assert "records" not in message + str(extensions)
    assert extensions["remedy"]
    assert extensions["errorId"]


def test_an_unexpected_exception_is_masked():
    """Its text, which may hold anything, goes nowhere; its class is named in the log alone."""
    message, extensions = describe(KeyError("secret value"))
    assert extensions["code"] == MASKED
    assert "secret" not in message + str(extensions)
    assert "KeyError" not in message
    assert extensions["errorId"] in message


def test_a_graphql_error_is_public_once_and_keeps_its_place():
    """An error of a resolver gets code, field and remedy, and keeps path and position; a public one is left alone."""
    cause = errors.Invalid("first: 7 is too many", field="first", value=7, remedy="give 1 to 5", most=5)
    made = GraphQLError(
        "wrapped", path=Path(None, "a", None).as_list(), original_error=GraphQLError("x", original_error=cause)
    )
    (error,) = public([made])
    assert error.message == "first: 7 is too many"
    assert error.path == ["a"]
    assert error.extensions == {
        "code": "INVALID",
        "retryable": False,
        "field": "first",
        "value": 7,
        "remedy": "give 1 to 5",
        "most": 5,
    }
    assert public([error]) == [error]
    assert isinstance(error, PublicError)


def test_the_causes_of_a_fault_are_named_in_order_and_not_for_ever():
    """The log names the classes from the outermost to the innermost, at most five."""
    failure: BaseException = ValueError("secret")
    for _ in range(9):
        wrapped = RuntimeError("secret")
        wrapped.__cause__ = failure
        failure = wrapped
    assert kinds(failure) == ["RuntimeError"] * 5
    assert kinds(errors.NotFound("x")) == ["NotFound"]


REFUSED = [
    (errors.NotFound("x"), NotFoundError),
    (errors.Forbidden("x"), ForbiddenError),
    (errors.Conflict("x"), ConflictError),
    (errors.VersionConflict("x", current_version=4), VersionConflictError),
    (errors.IdempotencyConflict("x"), IdempotencyConflictError),
    (errors.StateConflict("x"), StateConflictError),
    (errors.Conflict("x", required_by=("a", "b"), required_by_count=7), RecordInUseError),
    (errors.Invalid("x"), InvalidInput),
]


@pytest.mark.parametrize(("error", "kind"), REFUSED, ids=lambda each: getattr(each, "__name__", type(each).__name__))
def test_every_expected_refusal_has_its_type(error, kind):
    """Each kind of error that a service raises for its caller becomes its own member of the payload unions."""
    refusal = refusal_of(error)
    assert type(refusal) is kind
    assert refusal.message == "x"


@pytest.mark.parametrize(
    "error", [errors.Unavailable("x"), errors.TimedOut("x"), errors.SetupError("x"), OpsplanError("x")]
)
def test_what_is_no_refusal_is_an_error(error):
    """Faults of the service are no member of a payload."""
    assert refusal_of(error) is None


def test_problems_are_placed_as_the_caller_wrote_them():
    """Names of columns become names of the input, in the leading sentence and in the list."""
    error = invalid(
        [
            Problem("input.max_duty_minutes", 1, "1 is below 30", "give 30 or more", "max_duty_minutes"),
            Problem("input.name", None, "it is required and missing", "give it", "name"),
        ]
    )
    refusal = refusal_of(error, lambda problem: {"max_duty_minutes": "input.maxDuty"}.get(problem.name, problem.field))
    assert isinstance(refusal, InvalidInput)
    assert refusal.field == "input.maxDuty"
    assert refusal.message.startswith("input.maxDuty: 1 is below 30")
    assert [each.field for each in refusal.problems] == ["input.maxDuty", "input.name"]
    assert refusal.value == "1"


def test_facts_become_plain_json():
    """Enums, tuples, sets, mappings and values of ours are written in words that JSON has."""
    assert plain({"a": (1, {2}), "b": errors, "c": None})["a"] == [1, [2]]
