"""`opsplan approval key` and `opsplan approval sign`: a key of one's own, and signatures over what one is asked for.

For agencies without a key service of their own, and for trying things out. Neither service nor database is needed.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import jwt
import typer
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWK
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from opsplan.access.detached import sign_detached
from opsplan.access.jwk import thumbprint
from opsplan.cli.console import err, out, refusals_told
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_ONLY_MINE = 0o600


def key(
    to: Annotated[Path, typer.Option("--out", help="File for the private key.", metavar="FILE")] = Path("key.json"),
) -> None:
    """Make a key to sign with: the private one goes to a file that only you can read, the public one is printed.

    An administrator registers the public one for your agency (`createAgencyKey`, as `jwk`).
    """
    private = Ed25519PrivateKey.generate()
    with refusals_told():
        try:
            handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_MINE)
        except OSError as failure:
            raise Invalid(
                say("--out: {path} cannot be made: {why}.", path=to, why=failure.strerror),
                field="--out",
                value=str(to),
                remedy=say("name a file that is not there yet, in a folder that is"),
            ) from failure
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(OKPAlgorithm.to_jwk(private, as_dict=True), file)
    public = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
    out.print_json(json.dumps(public))
    err.print(f"Wrote the private key to {to}: keep it to yourself. The public one has the id {thumbprint(public)}.")


def sign(
    document: Annotated[
        str,
        typer.Argument(
            help="File with what is to be signed, byte for byte, such as `Approval.document` or `Resolution.document`; "
            "- reads it from standard input. A line break at its end is left out.",
            metavar="FILE",
        ),
    ],
    key_file: Annotated[
        Path, typer.Option("--key", help="Your private key, as `opsplan approval key` makes it.", metavar="FILE")
    ] = Path("key.json"),
) -> None:
    """Sign a document, and print the detached signature that `approvePart` and `signResolution` take."""
    with refusals_told():
        private = _private_key(key_file)
        content = _content(document)
    if isinstance(private, Ed25519PrivateKey):
        public = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
    else:
        public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    typer.echo(sign_detached(content, private, thumbprint(public)))


def _private_key(path: Path) -> Ed25519PrivateKey | EllipticCurvePrivateKey:
    try:
        found = PyJWK.from_dict(json.loads(path.read_text(encoding="utf-8"))).key
    except (OSError, ValueError, AttributeError, jwt.PyJWTError):
        found = None
    if not isinstance(found, Ed25519PrivateKey | EllipticCurvePrivateKey):
        raise Invalid(
            say("--key: {path} is no private key.", path=path),
            field="--key",
            value=str(path),
            remedy=say("make one with: opsplan approval key --out {path}", path=path),
        )
    return found


def _content(document: str) -> bytes:
    try:
        content = sys.stdin.buffer.read() if document == "-" else Path(document).read_bytes()
    except OSError as failure:
        raise Invalid(
            say("FILE: {path} cannot be read: {why}.", path=document, why=failure.strerror),
            field="FILE",
            value=document,
            remedy=say("name the file with the document, or - for standard input"),
        ) from failure
    content = content.rstrip(b"\r\n")
    if not content:
        raise Invalid(
            say("FILE: {path} is empty.", path=document),
            field="FILE",
            value=document,
            remedy=say("save `document` as it is told, without quotes"),
        )
    return content
