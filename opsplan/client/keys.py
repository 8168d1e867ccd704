"""Key files: the private JSON Web Key by which a system of an agency gets its tokens, readable by its owner alone."""

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm
from jwt.exceptions import PyJWTError
from jwt.utils import base64url_encode

from opsplan.client.errors import BadKey


class Curve(StrEnum):
    """Of what kind a key is. Issuers take Ed25519 or P-256; if yours names none, it takes P-256."""

    ED25519 = "Ed25519"
    P256 = "P-256"


_ALGORITHMS: Final = {Curve.ED25519: "EdDSA", Curve.P256: "ES256"}
_PUBLIC: Final = {Curve.ED25519: ("crv", "kty", "x"), Curve.P256: ("crv", "kty", "x", "y")}
"""The members that make a public key, in the order of RFC 7638."""
_NO_KEY: Final = "{} holds no private key, which is a JSON Web Key of Ed25519 or P-256 with its member `d`."


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A private key that signs; its parts are shown nowhere."""

    curve: Curve
    jwk: dict[str, Any]

    def __repr__(self) -> str:
        return f"ClientKey({self.key_id})"

    @property
    def public(self) -> dict[str, str]:
        """The public part, a JSON Web Key to be registered, with its id and use."""
        return {**self.bare, "kid": self.key_id, "use": "sig", "alg": self.algorithm}

    @property
    def key_id(self) -> str:
        """The key's id: its thumbprint by RFC 7638."""
        text = json.dumps(self.bare, sort_keys=True, separators=(",", ":"))
        return base64url_encode(hashlib.sha256(text.encode()).digest()).decode()

    @property
    def bare(self) -> dict[str, str]:
        """The members that make the public part, and nothing else."""
        return {name: str(self.jwk[name]) for name in _PUBLIC[self.curve]}

    @property
    def algorithm(self) -> str:
        """What it signs by, as JOSE names it."""
        return _ALGORITHMS[self.curve]

    def sign(self, claims: dict[str, Any]) -> str:
        """Make a JWT of these claims."""
        key = jwt.PyJWK(self.jwk, algorithm=self.algorithm)
        return jwt.encode(claims, key.key, algorithm=self.algorithm, headers={"kid": self.key_id})


def new_key(path: Path, curve: Curve = Curve.ED25519) -> ClientKey:
    """Make a key pair, and write it to a new file that its owner alone may read.

    Raises
    ------
    BadKey
        If the file is there already (a key is never overwritten), or cannot be written.
    """
    jwk: dict[str, Any]
    if curve is Curve.ED25519:
        jwk = OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate(), as_dict=True)
    else:
        jwk = ECAlgorithm.to_jwk(generate_private_key(SECP256R1()), as_dict=True)
    jwk = {name: jwk[name] for name in ("kty", "crv", "x", "y", "d") if name in jwk}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as failure:
        raise BadKey(f"{path} is there already, and a key is never overwritten; name another file.") from failure
    except OSError as failure:
        raise BadKey(f"{path} cannot be written: {failure.strerror}.") from failure
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(jwk) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return ClientKey(curve, jwk)


def read_key(path: Path) -> ClientKey:
    """Read a key file.

    Raises
    ------
    BadKey
        If it cannot be read, others may read it, or it holds no private key of a known kind.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as failure:
        words = f"{path} cannot be read: it is not there; make a key with: opsplan client new-key {path}"
        raise BadKey(words) from failure
    except OSError as failure:
        raise BadKey(f"{path} cannot be read: {failure.strerror}.") from failure
    except UnicodeDecodeError as failure:
        raise BadKey(_NO_KEY.format(path)) from failure
    if mode & 0o077:
        raise BadKey(
            f"{path} may be read by others (mode {mode:o}). If it was always yours alone in fact: chmod 600 {path}; "
            "else make a new key, and have this one taken back."
        )
    try:
        jwk = json.loads(text)
        key = ClientKey(Curve(jwk["crv"]), jwk)
        is_whole = isinstance(jwk["d"], str) and bool(key.sign({}))
    except (ValueError, KeyError, TypeError, PyJWTError):
        is_whole = False
    if not is_whole:
        raise BadKey(_NO_KEY.format(path))
    return key


def read_public(path: Path) -> dict[str, str]:
    """Give the public part of the key in a file, which may hold that alone.

    Raises
    ------
    BadKey
        If it cannot be read, or holds no key of a known kind.
    """
    try:
        jwk = json.loads(path.read_text(encoding="utf-8"))
        return ClientKey(Curve(jwk["crv"]), jwk).public
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise BadKey(f"{path} holds no key: give a JSON Web Key of Ed25519 or P-256.") from failure
