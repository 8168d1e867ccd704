"""How a mutation of scheduling asks its service: as any other, with the refusals of publishing told in full."""

from functools import partial

from opsplan.calls import carrying
from opsplan.calls.carrying import Key, record
from opsplan.scheduling.api.refusals import told

__all__ = ["Key", "carry_out", "record"]

carry_out = partial(carrying.carry_out, refused_as=told)
