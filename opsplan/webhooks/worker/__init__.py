"""Telling endpoints: each is told by one worker of all, under a lease, one message after the other.

Here live what a worker writes about an endpoint (`desk`), the telling of one (`teller`), and all of it together as a
running service has it (`office`). Here live no limits of what may be called: `opsplan.webhooks.sending` has those.
"""

from opsplan.webhooks.worker.office import Options, WebhookOffice, open_office
from opsplan.webhooks.worker.teller import Counts

__all__ = ["Counts", "Options", "WebhookOffice", "open_office"]
