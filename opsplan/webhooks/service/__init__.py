"""What an agency does with its endpoints, a verb per file: register, prove, pause and resume, rotate, test, send again,
retire; and what there is to tell an endpoint (`telling`), with the eyes of its agency.
"""

from opsplan.webhooks.service.prove import prove_endpoint
from opsplan.webhooks.service.redeliver import redeliver
from opsplan.webhooks.service.register import Registered, change_endpoint, register_endpoint
from opsplan.webhooks.service.retire import retire_endpoint
from opsplan.webhooks.service.rotate import Rotated, rotate_secret
from opsplan.webhooks.service.steps import pause_endpoint, resume_endpoint
from opsplan.webhooks.service.telling import Stretch, happened_in, reader_of
from opsplan.webhooks.service.try_out import try_endpoint

__all__ = [
    "Registered",
    "Rotated",
    "Stretch",
    "change_endpoint",
    "happened_in",
    "pause_endpoint",
    "prove_endpoint",
    "reader_of",
    "redeliver",
    "register_endpoint",
    "resume_endpoint",
    "retire_endpoint",
    "rotate_secret",
    "try_endpoint",
]
