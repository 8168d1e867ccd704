"""What is reported while an action is carried out: how it goes (`status`), and what it comes to (`results`).

Each begins a transaction of its own; nothing that was reported is ever changed or removed.
"""

from opsplan.conduct.service.results import Correction, correct_result, report_results
from opsplan.conduct.service.status import report_status

__all__ = ["Correction", "correct_result", "report_results", "report_status"]
