"""How a request names a trusted document, and what happens to one that does not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound
from opsplan.vocabulary.sentences import Sentence, say
from opsplan.web.documents.manifest import LONGEST_ID, sha256_of
from opsplan.web.preparing import Prepared
from opsplan.web.requests import GraphQLRequest


class DocumentNotFound(NotFound):
    """A request names a document that is not there by its id."""

    code: ClassVar[str] = "DOCUMENT_NOT_FOUND"


class PersistedQueryNotFound(NotFound):
    """The same in the way of Apollo's clients, which send the text when they read this code."""

    code: ClassVar[str] = "PERSISTED_QUERY_NOT_FOUND"


class DocumentMismatch(Invalid):
    """A request says by two members which document it means, and they differ."""

    code: ClassVar[str] = "DOCUMENT_MISMATCH"


class DocumentNotTrusted(Forbidden):
    """Only trusted documents are taken, and this is none."""

    code: ClassVar[str] = "DOCUMENT_NOT_TRUSTED"


@dataclass(frozen=True, slots=True)
class TrustedDocument:
    """A document that is known by its id, prepared once for all requests."""

    id: str
    text: str
    prepared: Prepared


class TrustedDocuments:
    """The trusted documents of a service; they change only with a new start.

    Parameters
    ----------
    documents
        All of them. Each is found by its id, by its text, and by the SHA-256 of its text.
    only
        Whether no other documents are taken.
    count
        Is told of every request how it named its document: ``by_id``, ``by_text``, ``other``, ``refused``.
    """

    def __init__(
        self,
        documents: Iterable[TrustedDocument] = (),
        *,
        only: bool = False,
        count: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._by_id = {each.id: each for each in documents}
        self._by_text: dict[str, TrustedDocument] = {}
        for each in list(self._by_id.values()):
            self._by_text.setdefault(each.text, each)
            self._by_id.setdefault(sha256_of(each.text), each)
        self._count = count
        self.only = only

    def __iter__(self) -> Iterator[TrustedDocument]:
        """Give one document for each text."""
        return iter(self._by_text.values())

    def find(self, request: GraphQLRequest) -> TrustedDocument | None:
        """Give the trusted document that a request means, or None where it sends a text of its own and may.

        Raises
        ------
        DocumentNotFound, PersistedQueryNotFound
            If no document has the id that the request names.
        DocumentMismatch
            If its members mean different documents.
        DocumentNotTrusted
            If only trusted documents are taken and its text is none.
        """
        try:
            named = self._named(request)
            if request.query is None:
                self._count("by_id")
                return named
            found = self._by_text.get(request.query)
            if named is not None and named.text != request.query:
                raise _mismatch("query", "documentId" if request.document_id is not None else _HASH)
            if found is None and self.only:
                raise DocumentNotTrusted(
                    say("Only trusted documents are taken here, and this is none."),
                    field="query",
                    remedy=say(
                        "send the id of a trusted document as documentId, or its very text; to have one added, "
                        "give it to the operator of this service"
                    ),
                )
            if request.sha256 is not None and named is None and sha256_of(request.query) != _as_id(request.sha256):
                # Unknown here, as all of Apollo's automatic ones are; it must be that of the text all the same.
                raise _mismatch("query", _HASH)
        except (DocumentNotFound, PersistedQueryNotFound, DocumentMismatch, DocumentNotTrusted):
            self._count("refused")
            raise
        self._count("by_id" if named is not None else "by_text" if found is not None else "other")
        return named or found

    def _named(self, request: GraphQLRequest) -> TrustedDocument | None:
        """Give the document that the request names by id or hash; None where it names none, or only hashes its text."""
        if request.document_id is None:
            return None if request.sha256 is None else self._of_hash(request.sha256, may_send=request.query is not None)
        found = self._by_id.get(request.document_id)
        if found is None:
            raise DocumentNotFound(
                say("No trusted document has this id."),
                field="documentId",
                value=_short(request.document_id),
                remedy=self._remedy(say("ids are compared exactly")),
            )
        hashed = found if request.sha256 is None else self._of_hash(request.sha256, may_send=True)
        if hashed is None or hashed.text != found.text:
            raise _mismatch("documentId", _HASH)
        return found

    def _of_hash(self, sha256: str, *, may_send: bool) -> TrustedDocument | None:
        found = self._by_id.get(sha256) or self._by_id.get(_as_id(sha256))
        if found is None and not may_send:
            # These very words are what clients look for; nothing is ever registered by what they send next.
            raise PersistedQueryNotFound(
                say("PersistedQueryNotFound"),
                field=_HASH,
                value=_short(sha256),
                remedy=self._remedy(say("hashes are those of the very text")),
            )
        return found

    def _remedy(self, hint: Sentence) -> Sentence:
        named = say("name one that the operator of this service was given ({hint})", hint=hint)
        return named if self.only else say("{named}, or send the text as query", named=named)


NONE_TRUSTED = TrustedDocuments()
"""No document is trusted, and all are taken."""

_HASH = "extensions.persistedQuery.sha256Hash"


def _as_id(sha256: str) -> str:
    return sha256 if sha256.startswith("sha256:") else f"sha256:{sha256}"


def _mismatch(first: str, second: str) -> DocumentMismatch:
    return DocumentMismatch(
        say("{first} and {second} mean different documents.", first=first, second=second),
        field=second,
        remedy=say("leave one of {first} and {second} out", first=first, second=second),
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_ID else f"{name[:LONGEST_ID]}…"
