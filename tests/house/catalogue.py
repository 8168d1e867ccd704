"""The catalogue of all sentences that callers are told, for translators: ``python -m tests.house.catalogue`` writes it.

`test_catalogue` holds opsplan/languages/opsplan.pot against the code.
"""

import io
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

_PLACE = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[^\W\d_]{2}")

ROOT = Path(__file__).parents[2]
FILE = ROOT / "opsplan" / "languages" / "opsplan.pot"


_OPERATORS = (
    "cli/*",
    "demo/*",
    "exchange/*",
    "geography/borders/*",
    "graph/address.py",
    "graph/local/*",
    "graph/migrat*",
    "graph/open.py",
    "languages/*",
    "main/*",
    "settings/*",
)
"""Rooms whose sentences only the operator of a service reads, in a terminal: those stay English."""


def sentences() -> Catalog:
    """Give every sentence that callers of the API are told, each with the files in which it is said."""
    catalogue = Catalog(project="opsplan", fuzzy=False, header_comment="# Sentences that callers of opsplan are told.")
    found = extract_from_dir(
        ROOT / "opsplan",
        method_map=[("**.py", "python")],
        keywords={"say": None},
        comment_tags=("To translators:",),
        strip_comment_tags=True,
    )
    for file, _, message, comments, context in sorted(found, key=lambda each: (str(each[2]), each[0])):
        # What has no word of its own is the same in every language.
        if any(fnmatch(file, each) for each in _OPERATORS) or not _WORD.search(_PLACE.sub("", str(message))):
            continue
        if not str(message).endswith((".", "?")):
            comments = [*comments, "Stands within another sentence, or alone as a remedy."]
        catalogue.add(message, None, [(f"opsplan/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def page() -> str:
    """Give the file as it is to stand: no dates and no line numbers, so that it changes with the sentences alone."""
    out = io.BytesIO()
    write_po(out, sentences(), width=110, omit_header=True, sort_output=True, include_lineno=False)
    head = (
        "# Every sentence that callers of opsplan are told when something is refused; docs/languages.md says how to\n"
        "# translate them. Written from the code by `python -m tests.house.catalogue`.\n"
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )
    return head + out.getvalue().decode()


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"Wrote {FILE.relative_to(ROOT)}: {len(sentences())} sentences.\n")
