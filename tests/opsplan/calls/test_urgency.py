"""Which changes are urgent, and which operations are."""

import pytest
from graphql import parse

from opsplan.calls.urgency import URGENT_WORDS, is_urgent, urgent_fields
from opsplan.main import CAPABILITIES
from opsplan.nouns import CATALOGUE
from opsplan.reading.asking import fragments_of
from opsplan.reading.cursors import CursorKey
from opsplan.web.schema import build_schema

APIS = [each.api for each in CAPABILITIES if each.api is not None]


def test_the_status_of_the_hour_and_stopping_a_search_are_urgent():
    """Few changes are declared urgent, and their descriptions say it; a new one is added here with its reason."""
    schema = build_schema(CATALOGUE, CursorKey(b"x" * 32), APIS).schema
    urgent = urgent_fields(schema)
    states = {"transitionAction", "transitionOperation"}
    reports = {"reportAvailability", "reportActionStatus", "reportResults", "acknowledgeOrder"}
    # An unresolved conflict keeps an action from being activated, and so does a zone: until the hour itself.
    settling = {
        "acknowledgeNotice", "sendConflictMessage", "proposeResolution", "signResolution", "declineResolution"
    }  # fmt: skip
    releasing = {
        "requestZoneRelease", "releaseZoneCrossing", "refuseZoneCrossing", "askWatchCentre", "releaseInPlace"
    }  # fmt: skip
    assert urgent == {"cancelScheduleRun"} | states | reports | settling | releasing
    assert schema.mutation_type is not None
    said = {name for name, field in schema.mutation_type.fields.items() if URGENT_WORDS in (field.description or "")}
    assert said == urgent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mutation { a: stop(id: 1) { id } }", True),
        ("mutation { a: stop(id: 1) { id } __typename move { id } }", True),
        ("mutation { ...F } fragment F on Mutation { ... on Mutation { stop { id } } move { id } }", True),
        ("mutation { stop { id } create { id } }", False),
        ("mutation ($no: Boolean!) { stop { id } create @include(if: $no) { id } }", False),
        ("mutation { ...F stop { id } } fragment F on Mutation { create { id } }", False),
        ("mutation { stop { id } __schema { types { name } } }", False),
        ("mutation { __typename }", False),
    ],
)
def test_an_operation_is_urgent_when_all_that_it_does_is(text, expected):
    """One ordinary field, wherever it stands, makes an operation ordinary; `__typename` makes nothing urgent."""
    document = parse(text)
    operation = document.definitions[0]
    assert is_urgent(operation, fragments_of(document), frozenset({"stop", "move"})) is expected
