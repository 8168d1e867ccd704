"""Detached signatures: a JSON Web Signature (RFC 7515) without the document that it is over (appendix F).

The text is ``header..signature``; who has the document, byte for byte, and the signer's public key can check it
anywhere. A header that says `b64: false` (RFC 7797) is understood as well.
"""

import base64
import binascii
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError
from jwt.utils import base64url_encode

from opsplan.access.jwk import ALGORITHMS
from opsplan.vocabulary.sentences import Sentence, say

LONGEST = 2_048
"""Characters of a detached signature; longer ones are refused before anything is computed."""


class BadSignature(ValueError):
    """A signature that does not hold over its document; the message says why."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


def sign_detached(document: bytes, private_key: Ed25519PrivateKey | EllipticCurvePrivateKey, key_id: str) -> str:
    """Sign a document with an Ed25519 or P-256 private key, and give the detached signature."""
    algorithm = "EdDSA" if isinstance(private_key, Ed25519PrivateKey) else "ES256"
    whole = jwt.PyJWS().encode(document, private_key, algorithm=algorithm, headers={"kid": key_id, "typ": None})
    header, _, signature = whole.split(".")
    return f"{header}..{signature}"


def check_detached(signature: str, document: bytes, keys: Mapping[str, PyJWK]) -> str:
    """Give the id of the key, one of `keys` (by id), whose signature over the document this is.

    Raises
    ------
    BadSignature
        When it is none, or written in any other way than the one that its parts have.
    """
    parts = signature.split(".", 3)
    if len(parts) == 3 and parts[1]:
        raise BadSignature(say("it carries its document, which must be left out (header..signature)"))
    if len(signature) > LONGEST:
        raise BadSignature(say("it is longer than {most:,} characters", most=LONGEST))
    if len(parts) != 3 or not all(_is_base64url(each) for each in (parts[0], parts[2])):
        raise BadSignature(say("it is no detached JSON Web Signature (header..signature)"))
    try:
        header = jwt.get_unverified_header(signature)
        if header.get("alg") not in ALGORITHMS.values():
            raise BadSignature(say("its header's `alg` is none of {known}", known=[*ALGORITHMS.values()]))
        key = keys.get(str(header.get("kid")))
        if key is None:
            raise BadSignature(say("its header's `kid` names no key that is registered and in force"))
        jws, algorithms = jwt.PyJWS(), [*ALGORITHMS.values()]
        if header.get("b64", True) is False:
            jws.decode_complete(signature, key, algorithms, detached_payload=document)
        else:
            payload = base64url_encode(document).decode()
            jws.decode_complete(f"{parts[0]}.{payload}.{parts[2]}", key, algorithms)
    except (PyJWTError, ValueError, TypeError, RecursionError) as failure:
        if isinstance(failure, BadSignature):
            raise
        raise BadSignature(say("it does not hold over the document, byte for byte")) from failure
    return str(header["kid"])


def _is_base64url(part: str) -> bool:
    """Whether a part is written as its bytes are: else one signature could be written in several ways."""
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(part) and base64url_encode(decoded).decode() == part
