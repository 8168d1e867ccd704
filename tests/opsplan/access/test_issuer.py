"""The local issuer: a key of its own in the data folder, tokens that hold, and a key set that verifies them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from opsplan.access.issuer import ISSUER, LocalIssuer
from opsplan.access.refusal import Unauthenticated
from opsplan.access.tokens import TokenPolicy, verify
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import FrozenClock, system_clock
from opsplan.vocabulary.errors import Invalid, SetupError

POLICY = TokenPolicy(ISSUER, "opsplan")


def _token(issuer: LocalIssuer, clock=system_clock, **given) -> str:
    given = {"agency_code": "XA-NCB", "roles": [Role.READER], "audience": "opsplan", **given}
    return issuer.issue(clock, **given)


async def test_a_token_made_here_holds_here_and_after_a_restart(tmp_path):
    """What the issuer makes, a verifier with its published key accepts, also when the folder is opened again."""
    token = _token(LocalIssuer.open_in(tmp_path), roles=[Role.PLANNER, Role.COORDINATOR])
    again = LocalIssuer.open_in(tmp_path)
    told = await verify(token, POLICY, again.keys)
    assert told.roles == {Role.PLANNER, Role.COORDINATOR}
    assert "d" not in again.key_set["keys"][0]


async def test_a_token_of_another_machine_does_not_hold(tmp_path):
    """Two data folders have two keys."""
    token = _token(LocalIssuer.open_in(tmp_path / "one"))
    with pytest.raises(Unauthenticated):
        await verify(token, POLICY, LocalIssuer.open_in(tmp_path / "other").keys)


def test_the_private_key_is_for_its_owner_alone(tmp_path):
    """The key file has mode 0600, and one that others may read is refused with a remedy."""
    LocalIssuer.open_in(tmp_path)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    refused = _refused(tmp_path)
    assert "644" in refused.message
    assert "delete it" in (refused.remedy or "")


def _refused(folder) -> SetupError:
    with pytest.raises(SetupError) as caught:
        LocalIssuer.open_in(folder)
    return caught.value


def test_a_file_that_is_no_key_is_refused(tmp_path):
    """A damaged key file stops the start with its name."""
    file = tmp_path / "token-key.pem"
    file.write_text("no key")
    file.chmod(0o600)
    assert str(file) in _refused(tmp_path).message


def test_two_that_open_a_new_folder_at_once_get_one_key(tmp_path):
    """The first key made stays, whoever else made one at the same moment."""
    with ThreadPoolExecutor(16) as pool:
        issuers = list(pool.map(lambda _: LocalIssuer.open_in(tmp_path / "new"), range(16)))
    assert len({str(issuer.key_set) for issuer in issuers}) == 1
    assert len(list((tmp_path / "new").iterdir())) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"hours": 0}, "hours"), ({"hours": -1}, "hours"), ({"hours": 100_000}, "hours"), ({"roles": []}, "role")],
)
def test_a_token_without_role_or_of_endless_life_is_not_made(tmp_path, given, field):
    """The issuer refuses what no token should be, and names the argument."""
    with pytest.raises(Invalid) as caught:
        _token(LocalIssuer.open_in(tmp_path), **given)
    assert caught.value.field == field


async def test_a_token_ends_when_it_says(tmp_path):
    """A token made for an hour yesterday no longer holds today."""
    issuer = LocalIssuer.open_in(tmp_path)
    long_ago = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Unauthenticated, match="expired"):
        await verify(_token(issuer, long_ago, hours=1), POLICY, issuer.keys)
