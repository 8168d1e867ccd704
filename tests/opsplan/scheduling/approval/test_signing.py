"""`opsplan approval key` and `sign`: what they make is a registered key's signature, byte for byte."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.algorithms import ECAlgorithm
from typer.testing import CliRunner

from opsplan.access.detached import check_detached
from opsplan.access.jwk import public_key, thumbprint
from opsplan.cli.app import app

DOCUMENT = '{"outcome":"DELAY","words":"Nach uns, ก่อน"}'


def run(*arguments: str, given: str | None = None) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["approval", *arguments], input=given)
    return ended.exit_code, ended.stdout


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_signature_holds_over_the_document_without_its_last_line_break(tmp_path: Path, end: str) -> None:
    """By the key that was printed; the private one is read by its owner alone, and is never overwritten."""
    private = tmp_path / "key.json"
    code, printed = run("key", "--out", str(private))
    assert code == 0
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    public = json.loads(printed)
    assert "d" not in public
    document = tmp_path / "document.json"
    document.write_bytes((DOCUMENT + end).encode())
    known = {thumbprint(public): public_key(public)}
    for name, given in ((str(document), None), ("-", DOCUMENT + end)):
        code, signature = run("sign", name, "--key", str(private), given=given)
        assert code == 0
        assert check_detached(signature.strip(), DOCUMENT.encode(), known) == thumbprint(public)
    before = private.read_bytes()
    assert run("key", "--out", str(private))[0] == 2
    assert private.read_bytes() == before


def test_a_key_of_ones_own_on_p256_signs_as_well(tmp_path: Path) -> None:
    """Agencies whose keys are of the other curve that may be registered use the same command."""
    made = generate_private_key(SECP256R1())
    (tmp_path / "key.json").write_text(json.dumps(ECAlgorithm.to_jwk(made, as_dict=True)))
    public = ECAlgorithm.to_jwk(made.public_key(), as_dict=True)
    code, signature = run("sign", "-", "--key", str(tmp_path / "key.json"), given=DOCUMENT)
    assert code == 0
    known = {thumbprint(public): public_key(public)}
    assert check_detached(signature.strip(), DOCUMENT.encode(), known) == thumbprint(public)


@pytest.mark.parametrize("key", ["", "{}", "[]", '{"kty": "oct", "k": "AAAA"}', "no json", None])
def test_what_is_no_private_key_signs_nothing(tmp_path: Path, key: str | None) -> None:
    """A public key neither: the command ends with 2 and prints no signature."""
    path = tmp_path / "key.json"
    if key is None:
        _, printed = run("key", "--out", str(tmp_path / "other.json"))
        key = printed
    path.write_text(key)
    assert run("sign", "-", "--key", str(path), given=DOCUMENT) == (2, "")
    run("key", "--out", str(tmp_path / "fine.json"))
    for document, given in (("-", "\n"), (str(tmp_path / "none"), None)):
        assert run("sign", document, "--key", str(tmp_path / "fine.json"), given=given) == (2, "")
