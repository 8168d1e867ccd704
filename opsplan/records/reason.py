"""Reasons that people give for what they do: one check for all, so that all are kept alike."""

from opsplan.records.values import Wrong, to_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say


def reason_given(reason: str, most: int, field: str = "input.reason", remedy: Sentence | None = None) -> str:
    """Give a reason as it is kept: without outer blanks and odd characters, of at most `most` characters.

    Raises
    ------
    Invalid
        When there is none, it is too long, or holds what is no text.
    """
    remedy = say("{remedy}, in at most {most:,} characters", remedy=remedy or say("say why"), most=most)
    try:
        text = str(to_text(most, lines=True)(reason))
    except Wrong as wrong:
        raise Invalid(
            say("{field}: {what}.", field=field, what=wrong.message),
            field=field,
            value=reason[:200],
            remedy=remedy,
        ) from None
    if not text:
        raise Invalid(say("{field}: there is none.", field=field), field=field, value=reason, remedy=remedy)
    return text
