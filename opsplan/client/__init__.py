"""The typed client, for systems of agencies: `pip install ".[client]"` in a clone. It imports nothing else of opsplan.

Here live key files, tokens by a key, the service seen from outside, and `generated`: a class for each thing that is
sent or comes, a method for each document of `documents`. Doors: `Client`, `KeyTokens`, `read_key`, and the errors.

    async with Client(url, KeyTokens(read_key(path), issuer=url, client_id="KH-NCB")) as client:
        print((await client.viewer()).agency_code)
"""

from opsplan.client.errors import (
    BadKey,
    ClientError,
    Failed,
    Fault,
    NoToken,
    RateLimited,
    ResyncRequired,
    Unauthenticated,
    Unreachable,
    Unreadable,
)
from opsplan.client.generated.client import Client
from opsplan.client.generated.fragments import Refused
from opsplan.client.keys import ClientKey, Curve, new_key, read_key, read_public
from opsplan.client.subscription import Subscription
from opsplan.client.tokens import GivenToken, KeyTokens, Tokens
from opsplan.client.values import UNSET, GeoPoint

__all__ = [
    "UNSET",
    "BadKey",
    "Client",
    "ClientError",
    "ClientKey",
    "Curve",
    "Failed",
    "Fault",
    "GeoPoint",
    "GivenToken",
    "KeyTokens",
    "NoToken",
    "RateLimited",
    "Refused",
    "ResyncRequired",
    "Subscription",
    "Tokens",
    "Unauthenticated",
    "Unreachable",
    "Unreadable",
    "new_key",
    "read_key",
    "read_public",
]
