"""Same subject: whether two agencies, each in its own spelling, name one person, company, phone, wallet or site.

`keys_of` gives the exact texts under which an index finds candidates, `match` compares two subjects and says why in
words. Here live the normal forms of identifiers (`identifiers`), the reading of scripts as Latin letters (`scripts`),
spellings that sound alike (`sounds`), and the comparison of names by kind (`names`). Here live no records, no store and
no decision of what follows from a match: all of it is pure.
"""

from opsplan.deconfliction.subjects.dates import is_date
from opsplan.deconfliction.subjects.keys import keys_of
from opsplan.deconfliction.subjects.matching import THRESHOLD, match
from opsplan.deconfliction.subjects.model import Identifier, Match, Reason, ReasonKind, Subject, SubjectKind

__all__ = [
    "THRESHOLD",
    "Identifier",
    "Match",
    "Reason",
    "ReasonKind",
    "Subject",
    "SubjectKind",
    "is_date",
    "keys_of",
    "match",
]
