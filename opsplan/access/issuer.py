"""The local issuer: tokens for one machine, signed with a key pair of its own (Ed25519).

The private key is made on first use and kept in the data folder, readable by its owner alone. Whoever can read it
can make any token, so it serves a single machine; a service for several agencies names an outside issuer.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from opsplan.access.jwk import bare, thumbprint
from opsplan.access.kept import kept_secret
from opsplan.access.keys import GivenKeys
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Invalid, SetupError
from opsplan.vocabulary.sentences import say

ISSUER = "opsplan-local"
"""The `iss` of tokens made on this machine."""
LONGEST_HOURS = 24 * 30
"""How long a token of the local issuer may hold, in hours."""
_KEY_FILE = "token-key.pem"


class LocalIssuer:
    """Makes tokens, and publishes the key that verifies them. Open it with `open_in`."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        key = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
        self._key_id = thumbprint(key)
        self._public = {**bare(key), "kid": self._key_id, "use": "sig", "alg": "EdDSA"}

    @classmethod
    def open_in(cls, data_dir: Path) -> "LocalIssuer":
        """Read the key pair from the data folder, or make it there.

        Two processes that do so at once get the same key.

        Raises
        ------
        SetupError
            If the file cannot be read or written, others may read it, or it holds no such key.
        """
        path = data_dir / _KEY_FILE
        try:
            private = serialization.load_pem_private_key(kept_secret(path, _new_key), password=None)
        except ValueError as failure:
            raise _no_key(path) from failure
        if not isinstance(private, Ed25519PrivateKey):
            raise _no_key(path)
        return cls(private)

    @property
    def key_set(self) -> dict[str, Any]:
        """The public key as a key set (JWKS), to be published."""
        return {"keys": [dict(self._public)]}

    @property
    def keys(self) -> GivenKeys:
        """The public key, for the verifier."""
        return GivenKeys(self.key_set)

    def issue(
        self,
        clock: Clock,
        *,
        agency_code: str,
        roles: Sequence[Role],
        audience: str,
        hours: float = 12.0,
        subject: str = "local",
    ) -> str:
        """Make a token.

        Parameters
        ----------
        clock
            Gives the instant from which it holds.
        agency_code
            Code of the agency that its holder acts for. Whether there is such an agency shows when it is used.
        roles
            What its holder may do; at least one.
        audience
            The service that it is for.
        hours
            How long it holds, above 0 and at most 720.
        subject
            Who its holder is.

        Raises
        ------
        Invalid
            If an argument is out of its range.
        """
        if not 0 < hours <= LONGEST_HOURS:
            raise Invalid(
                say("hours: a token cannot hold for {hours:g} hours.", hours=hours),
                field="hours",
                value=hours,
                remedy=say("give a number above 0 and at most {longest_hours}", longest_hours=LONGEST_HOURS),
            )
        if not roles:
            raise Invalid(
                say("role: a token needs a role."), field="role", remedy=say("give one of {roles}", roles=list(Role))
            )
        now = clock()
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": subject,
            "agency": agency_code,
            "roles": [str(role) for role in roles],
            "iat": now,
            "exp": now + timedelta(hours=hours),
            "jti": secrets.token_urlsafe(12),
        }
        return jwt.encode(claims, self._private, algorithm="EdDSA", headers={"kid": self._key_id, "typ": "at+jwt"})


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _no_key(path: Path) -> SetupError:
    return SetupError(
        say("{path} holds no Ed25519 private key.", path=path),
        field=str(path),
        remedy=say("delete it, so that a new key is made (tokens made so far then no longer hold)"),
    )
