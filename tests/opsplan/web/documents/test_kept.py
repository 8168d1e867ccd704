"""Trusted documents are prepared once and make way for nobody."""

from graphql import OperationType

from opsplan.web.documents.check import check_documents
from opsplan.web.documents.trusted import TrustedDocuments
from opsplan.web.execution import Operations
from opsplan.web.limits import Limits
from opsplan.web.requests import GraphQLRequest
from tests.opsplan.web.conftest import OWN
from tests.opsplan.web.documents.conftest import LONG, MANIFEST, VIEWER
from tests.opsplan.web.documents.test_command import SERVED


def _operations(manifest):
    checked = check_documents(manifest, SERVED.reads, Limits())
    assert not checked.faults
    return Operations(SERVED.schema, Limits(), SERVED.reads, TrustedDocuments(checked.documents))


def test_many_others_do_not_push_trusted_documents_out(manifest):
    """After more documents than are remembered, long and short, a trusted one is the very same prepared document."""
    operations = _operations(manifest)
    before = {
        name: operations.choose(GraphQLRequest(None, document_id=name, operation_name=_name(name))) for name in MANIFEST
    }
    ordinary = operations.choose(GraphQLRequest("{ viewer { roles } }"))
    for number in range(600):
        operations.choose(GraphQLRequest(f"{{ viewer {{ a{number}: subject }} }}"))
    for name, chosen in before.items():
        again = operations.choose(GraphQLRequest(None, document_id=name, operation_name=_name(name)))
        assert again.prepared is chosen.prepared
        assert again.prepared.is_kept
        assert again.trusted == name
        by_text = operations.choose(GraphQLRequest(MANIFEST[name], operation_name=_name(name)))
        assert by_text.prepared is chosen.prepared
    again = operations.choose(GraphQLRequest("{ viewer { roles } }"))
    assert again.prepared is not ordinary.prepared
    assert again.trusted is None


def _name(name):
    return "Two" if MANIFEST[name].startswith("query One") else None


def test_a_long_trusted_document_is_prepared_once(manifest):
    """Length keeps an ordinary document from being remembered, and a trusted one not."""
    operations = _operations(manifest)
    first = operations.choose(GraphQLRequest(LONG))
    assert first.kind is OperationType.QUERY
    assert operations.choose(GraphQLRequest(LONG)).prepared is first.prepared
    other = LONG + "!"
    assert operations.choose(GraphQLRequest(other)).prepared is not operations.choose(GraphQLRequest(other)).prepared


def test_texts_are_counted_by_how_they_were_named(manifest):
    """The counter tells ids, trusted texts, others and refusals apart, and nothing of the texts."""
    counted: list[str] = []
    checked = check_documents(manifest, SERVED.reads, Limits())
    trusted = TrustedDocuments(checked.documents, count=counted.append)
    operations = Operations(SERVED.schema, Limits(), SERVED.reads, trusted)
    for request in (
        GraphQLRequest(None, document_id="viewer"),
        GraphQLRequest(None, sha256="viewer"),
        GraphQLRequest(VIEWER),
        GraphQLRequest("{ viewer { subject } }"),
        GraphQLRequest("{ viewer {"),
        GraphQLRequest(None, document_id=OWN),
        GraphQLRequest(VIEWER, document_id="long"),
    ):
        operations.choose(request)
    assert counted == ["by_id", "by_id", "by_text", "other", "other", "refused", "refused"]
