"""In which language callers are told why something is refused: catalogues of translations beside this file.

``opsplan.pot`` has every sentence of the code, in English (`python -m tests.house.catalogue` writes it). A language is
a file ``LANGUAGE/LC_MESSAGES/opsplan.po`` beside it, or in the folder that OPSPLAN_TRANSLATIONS names: gettext's
formats, which every translation tool reads and writes. There are none yet. docs/languages.md says how one is made.
"""

from opsplan.languages.catalogue import OWN_FOLDER, Languages
from opsplan.languages.choice import chosen, told, told_in

__all__ = ["OWN_FOLDER", "Languages", "chosen", "told", "told_in"]
