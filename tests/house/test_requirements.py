"""The list of requirements and the tests agree."""

import pytest

from tests.house.requirements import citations, rows


@pytest.mark.requirement("Q1")
def test_every_asked_row_has_a_test() -> None:
    """Each row that the present release must show is cited by a test, and no test cites an unknown row."""
    known, cited = rows(), citations()
    assert [row.id for row in known if row.asked and row.id not in cited] == []
    assert sorted(set(cited) - {row.id for row in known}) == []


def test_rows_have_unique_ids() -> None:
    """No two rows share an id."""
    ids = [row.id for row in rows()]
    assert len(ids) == len(set(ids))
