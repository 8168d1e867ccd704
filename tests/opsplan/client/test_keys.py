"""Key files: made once, readable by their owner alone, and named as the service names them."""

import json
import os
from pathlib import Path

import jwt
import pytest

from opsplan.access.jwk import public_key, thumbprint
from opsplan.client import BadKey, Curve, new_key, read_key, read_public


@pytest.mark.parametrize("curve", list(Curve))
def test_a_key_is_written_and_read_again(tmp_path: Path, curve: Curve) -> None:
    """The service takes its public part, knows it by the same id, and what it signs holds."""
    path = tmp_path / "key.jwk"
    made = new_key(path, curve)
    read = read_key(path)
    assert (read.key_id, read.public) == (made.key_id, made.public)
    assert read.key_id == thumbprint(read.public)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "d" not in read.public
    assert read_public(path) == read.public
    signed = read.sign({"iss": "KH-NCB"})
    assert jwt.decode(signed, public_key(read.public), algorithms=[read.algorithm]) == {"iss": "KH-NCB"}
    assert jwt.get_unverified_header(signed)["kid"] == read.key_id
    assert json.loads(path.read_text())["d"] not in repr(read)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    """Whoever makes a second one under the same name keeps the first."""
    path = tmp_path / "key.jwk"
    made = new_key(path)
    with pytest.raises(BadKey, match="never overwritten"):
        new_key(path)
    assert read_key(path).key_id == made.key_id
    with pytest.raises(BadKey, match="cannot be written"):
        new_key(tmp_path / "nowhere" / "key.jwk")


def test_a_key_that_others_may_read_is_none(tmp_path: Path) -> None:
    """A file that was open to others is refused, with what to do."""
    path = tmp_path / "key.jwk"
    new_key(path)
    os.chmod(path, 0o644)
    with pytest.raises(BadKey, match="may be read by others"):
        read_key(path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kty": "OKP", "crv": "Ed25519", "x": "a", "d": "b"}', "x", "\x00"])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, the caller is told that it is no key."""
    path = tmp_path / "key.jwk"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(BadKey, match="holds no private key"):
        read_key(path)


def test_a_public_part_is_no_private_key(tmp_path: Path) -> None:
    """It can be registered, and does not sign."""
    public = new_key(tmp_path / "key.jwk").public
    path = tmp_path / "public.jwk"
    path.write_text(json.dumps(public))
    path.chmod(0o600)
    assert read_public(path) == public
    with pytest.raises(BadKey):
        read_key(path)
    with pytest.raises(BadKey, match="cannot be read"):
        read_key(tmp_path / "none.jwk")
