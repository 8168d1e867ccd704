"""The way out: one request to a host that somebody else has named, sent so that it can do no harm here.

Here live the resolver (`resolver`), the guarded line that goes to a checked address and no other (`line`), and one
request with all its limits (`post`). Here live no graph, and no decision on which addresses may be called:
`opsplan.webhooks.rules` has that.
"""

from opsplan.webhooks.sending.post import Attempt, Limits, Post
from opsplan.webhooks.sending.resolver import Resolve, SystemResolver

__all__ = ["Attempt", "Limits", "Post", "Resolve", "SystemResolver"]
