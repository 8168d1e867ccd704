"""The rules of words from fixed lists: languages, and the kinds of action that quiet hours name."""

from opsplan.operations.model import ActionKind, ResourceKind
from opsplan.records.codes import LANGUAGE_CODES, language_meant, near
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem


def fill_language(draft: Draft) -> Filled:
    """Refuse a language that is no code of ISO 639, or that is given for anything but interpreters."""
    row = draft.row
    language = row.get("language")
    if language is None:
        return {}, []
    if language not in LANGUAGE_CODES:
        guess = language_meant(language)
        remedy = f"did you mean {guess}?" if guess else "give a code such as km"
        return {}, [Problem("language", language, f"'{language}' is no ISO 639 language code", remedy, "language")]
    kind = row.get("kind") or row.get("resource_kind")
    if kind != ResourceKind.INTERPRETER.name:
        what = f"only interpreters have a language, and this is {kind}"
        return {}, [Problem("language", language, what, "leave the language out", "language")]
    return {}, []


def fill_quiet_hours(draft: Draft) -> Filled:
    """Refuse kinds of actions that there are not."""
    known = [kind.name for kind in ActionKind]
    for kind in draft.row.get("action_kinds") or ():
        if kind not in known:
            close = near(kind, known)
            remedy = f"did you mean {' or '.join(close)}?" if close else f"give some of {', '.join(known)}"
            what = f"'{kind}' is no kind of action"
            return {}, [Problem("action_kinds", kind, what, remedy, "action_kinds")]
    return {}, []
