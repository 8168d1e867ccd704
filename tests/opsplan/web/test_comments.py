"""Comments over GraphQL: said, answered, found by what they are about and by who is mentioned."""

import pytest

from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, agency_id

SAY = """
mutation ($input: CreateCommentInput!) { createComment(input: $input) {
  ... on Comment { id body createdBy owner { code } about { __typename ... on Compound { name } } answers { body }
    mentions { nodes { code } } }
  ... on Refusal { code message field } } }"""
THREAD = """
query ($id: ID!) { compound(id: $id) { comments(where: {not: {answers: {}}}, orderBy: [CREATED_AT_ASC]) {
  totalCount nodes { body owner { code } replies { nodes { body owner { code } replies { totalCount } } } } } } }"""
FOR_US = """
query ($code: String!) { comments(where: {mentions: {some: {code: {eq: $code}}}}) { nodes { body
  about { __typename } } } }
"""


@pytest.mark.requirement("P3")
async def test_a_thread_over_the_api(api, world):
    """A coordinator asks another agency, which answers; both read the thread beside the record."""
    made = await api().data(
        'mutation { createCompound(input: {name: "EXERCISE Heron Court", location: {longitude: 104.9, latitude: 11.6}})'
        " { ... on Compound { id } } }"
    )
    site = made["createCompound"]["id"]
    asked = {"body": "Who has the keys?", "aboutId": site, "mentionIds": [agency_id(OTHER)]}
    first = (await api().data(SAY, {"input": asked}))["createComment"]
    assert (first["owner"]["code"], first["about"]["name"]) == (OWN, "EXERCISE Heron Court")
    assert first["mentions"]["nodes"] == [{"code": OTHER}]
    answer = {"body": "We do.", "aboutId": site, "answersId": first["id"]}
    second = (await api(OTHER, Role.PLANNER).data(SAY, {"input": answer}))["createComment"]
    assert "message" not in second, second
    assert second["answers"] == {"body": "Who has the keys?"}
    thread = (await api(OTHER, Role.READER).data(THREAD, {"id": site}))["compound"]["comments"]
    assert [each["body"] for each in thread["nodes"]] == ["Who has the keys?"]
    (reply,) = thread["nodes"][0]["replies"]["nodes"]
    assert reply == {"body": "We do.", "owner": {"code": OTHER}, "replies": {"totalCount": 0}}
    found = await api(OTHER, Role.READER).data(FOR_US, {"code": OTHER})
    assert found["comments"]["nodes"] == [{"body": "Who has the keys?", "about": {"__typename": "Compound"}}]
