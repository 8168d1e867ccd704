"""Executing runs: taken under a lease, searched by a child process, verified again, kept.

Here live the worker's loop (`worker`), one run from snapshot to plan (`execution`), the child process (`child`), what
a worker writes about its runs (`desk`), the progress for listeners (`progress`), what is brought to hand before
somebody asks (`preparing`), and all of it together as a running service has it (`office`). Here live no rights (the
services have checked them) and no search (`solver`).
"""

from opsplan.scheduling.worker.office import SchedulingOffice, open_office
from opsplan.scheduling.worker.progress import ProgressFeed, RunProgress
from opsplan.scheduling.worker.worker import Worker, open_worker

__all__ = ["ProgressFeed", "RunProgress", "SchedulingOffice", "Worker", "open_office", "open_worker"]
