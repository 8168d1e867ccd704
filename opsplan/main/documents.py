"""The trusted documents that the settings name, and the limits that hold for every document."""

from collections.abc import Callable

from opsplan.reading.reads import Reads
from opsplan.settings import Settings
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say
from opsplan.web.documents.check import check_documents
from opsplan.web.documents.trusted import TrustedDocuments
from opsplan.web.limits import Limits


def limits_of(settings: Settings) -> Limits:
    """Say how large an operation may be."""
    return Limits(depth=settings.query_depth, aliases=settings.query_aliases, tokens=settings.query_tokens)


def trusted_documents(
    settings: Settings, reads: Reads, limits: Limits, count: Callable[[str], None]
) -> TrustedDocuments:
    """Read and check the trusted documents.

    Parameters
    ----------
    settings
        Name them, and say whether no others are taken.
    reads
        The reading room's reads over the schema that they must fit.
    limits
        How large an operation may be.
    count
        Is told of every request how it named its document.

    Raises
    ------
    SetupError
        If one does not fit; it tells of all that do not.
    """
    path = settings.trusted_documents
    if path is None:
        return TrustedDocuments(count=count)
    checked = check_documents(path, reads, limits)
    if checked.faults:
        lines = "\n".join(f"  {each}" for each in checked.faults)
        raise SetupError(
            say("Trusted documents do not fit:\n{lines}", lines=lines),
            field="OPSPLAN_TRUSTED_DOCUMENTS",
            value=str(path),
            remedy=say("correct them or take them out; opsplan documents check tells the same without a start"),
        )
    return TrustedDocuments(checked.documents, only=settings.only_trusted_documents, count=count)
