"""Secrets of endpoints as they are kept: sealed with a key that the graph does not have.

Whoever gets hold of the database alone, or of a copy of it, cannot sign in our name.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_SECRET_BYTES = 32
_PURPOSE = b"opsplan webhooks 1"


class Sealing:
    """Seals secrets, and opens them (AES-256-GCM).

    Parameters
    ----------
    key
        At least 32 bytes or characters that nobody knows; the same for all processes of one service.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(hashlib.blake2b(key, digest_size=32, person=b"webhooks", salt=b"sealing").digest())

    def new_secret(self) -> bytes:
        """Make a secret to sign with."""
        return secrets.token_bytes(_SECRET_BYTES)

    def seal(self, secret: bytes, endpoint_id: str) -> bytes:
        """Give a secret as it may be kept; it opens for the same endpoint alone."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, _bound_to(endpoint_id))

    def open(self, sealed: bytes, endpoint_id: str) -> bytes | None:
        """Give the secret back; None where it was sealed with another key, for another endpoint, or is damaged."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(endpoint_id))
        except (InvalidTag, ValueError):
            return None


def _bound_to(endpoint_id: str) -> bytes:
    return _PURPOSE + b"\x00" + endpoint_id.encode()
