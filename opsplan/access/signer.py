"""A key pair to sign with: for the exercise's authorities, and for whoever tries approvals out on one machine."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from opsplan.access.detached import sign_detached
from opsplan.access.jwk import thumbprint


class Signer:
    """An Ed25519 key pair. `jwk` is its public part, to be registered; `key_id` the thumbprint that signatures name."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()
        self.jwk: dict[str, Any] = OKPAlgorithm.to_jwk(self._private.public_key(), as_dict=True)
        self.key_id = thumbprint(self.jwk)

    def sign(self, document: str) -> str:
        """Sign a document, and give the detached signature."""
        return sign_detached(document.encode(), self._private, self.key_id)
