"""Addresses of wallets: which of them mean the same in small and large letters."""

import re
from hashlib import sha256

_URI = re.compile(r"^(?:bitcoin|ethereum|litecoin|tron|dogecoin|monero|ripple|solana|ton):(?://)?", re.IGNORECASE)
_QUERY = re.compile(r"[?@].*$")
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_BECH32 = re.compile(r"(?:bc|tb|ltc|addr|cosmos|bnb)1[02-9ac-hj-np-z]{6,100}", re.IGNORECASE)
_CASH = re.compile(r"(?:bitcoincash:)?([qp][02-9ac-hj-np-z]{41})", re.IGNORECASE)
_TRON_HEX = re.compile(r"41[0-9a-fA-F]{40}")
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def wallet(value: str, country: str | None = None) -> tuple[str | None, str | None]:  # noqa: ARG001 # of no country
    """Give an address without the name of its network and, where case means nothing, in small letters.

    Base58 (Bitcoin's older addresses, Tron, Solana) keeps its case, as two addresses may differ in nothing else.
    Bech32 has no case. Ethereum's is a checksum. An address of unknown form stays as it is.

    >>> wallet("bitcoin:BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ?amount=1")[0]
    'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'
    """
    text = _QUERY.sub("", _URI.sub("", "".join(value.split())))
    if _ETHEREUM.fullmatch(text) or _BECH32.fullmatch(text):
        return text.lower(), None
    if cash := _CASH.fullmatch(text):
        return cash.group(1).lower(), None
    if _TRON_HEX.fullmatch(text):
        return _base58(bytes.fromhex(text)), None
    return text or None, None


def _base58(payload: bytes) -> str:
    """Write a Tron address as wallets show it: base58 with the checksum of Bitcoin."""
    number = int.from_bytes(payload + _checksum(payload), "big")
    letters = ""
    while number:
        number, place = divmod(number, 58)
        letters = _ALPHABET[place] + letters
    return letters


def _checksum(payload: bytes) -> bytes:
    return sha256(sha256(payload).digest()).digest()[:4]
