"""Tests of the scheduler.

Fixture strategy: no fixtures. `make.py` builds the smallest problem that shows one thing; `tiny.py` draws random
problems small enough to enumerate; `planted.py` draws problems of any size round a plan that is known to be valid.
"""
