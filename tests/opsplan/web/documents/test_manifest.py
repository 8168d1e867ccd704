"""Files of trusted documents: the forms that clients' tools write are read, and all that is wrong is told."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.web.documents.manifest import (
    LONGEST_ID,
    MOST_BYTES,
    MOST_DOCUMENTS,
    read_documents,
    sha256_of,
)

VIEWER = "query Viewer { viewer { subject } }"
OTHER = "query Other { viewer { roles } }"
HASH = sha256_of(VIEWER).removeprefix("sha256:")
APOLLO = {"format": "apollo-persisted-query-manifest", "version": 1}


def _operation(**more):
    return {"id": HASH, "name": "Viewer", "type": "query", "body": VIEWER} | more


def _file(folder, content, name="documents.json"):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def test_the_hash_is_that_of_the_specification():
    """The two examples of the appendix on persisted documents have the hashes that stand there."""
    spaced = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
    assert sha256_of(spaced) == "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"
    assert sha256_of("query($id:ID!){user(id:$id){name}}").endswith(
        "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"
    )


MAPS = {
    "Relay's MD5": "2c34ae8f8d0ab1f2a6bda02b0c2a5bd7",
    "Code Generator's SHA-1": "9d7c6bd2c4a6dd5d2f5b9b3d2a1ef3d5b1a3c9f0",
    "a SHA-256 with its prefix": sha256_of(VIEWER),
    "a SHA-256 without": HASH,
    "a word": "viewer",
    "base64": "dmlld2Vy+/==",
    "a prefix of one's own": "x-case:viewer:2",
}


@pytest.mark.parametrize("name", MAPS)
def test_a_map_from_ids_to_texts_is_read(tmp_path, name):
    """Relay's and the Code Generator's form: whatever ids their hash gives."""
    entries, faults = read_documents(_file(tmp_path, {MAPS[name]: VIEWER}))
    assert not faults
    assert [(each.id, each.text, each.source) for each in entries] == [(MAPS[name], VIEWER, "documents.json")]


def test_apollos_manifest_is_read(tmp_path):
    """Ids, texts, and what it says beside them; what else stands there is passed over."""
    content = {**APOLLO, "operations": [_operation(clientName="ours")]}
    entries, faults = read_documents(_file(tmp_path, content))
    assert not faults
    assert [(each.id, each.text, each.declared) for each in entries] == [(HASH, VIEWER, ("Viewer", "query"))]


def test_a_folder_is_read_with_its_folders(tmp_path):
    """GraphQL files get the hash of their very bytes as id; manifests keep theirs; hidden ones and others are left."""
    _file(tmp_path, VIEWER.encode(), "b/viewer.graphql")
    _file(tmp_path, b"\xef\xbb\xbf# \xc3\xa9\r\n" + OTHER.encode() + b"\r\n", "other.gql")
    _file(tmp_path, {"viewer": VIEWER}, "a.json")
    _file(tmp_path, b"{", "..data/a.json")
    _file(tmp_path, b"{", "README.md")
    entries, faults = read_documents(tmp_path)
    assert not faults
    text = "\ufeff# é\r\n" + OTHER + "\r\n"
    assert [(each.id, each.text, each.source) for each in entries] == [
        ("viewer", VIEWER, "a.json"),
        (sha256_of(VIEWER), VIEWER, "b/viewer.graphql"),
        (sha256_of(text), text, "other.gql"),
    ]


def test_the_same_document_may_be_there_twice_and_another_may_not(tmp_path):
    """Agencies' manifests may overlap; one id with two texts is told with both files."""
    _file(tmp_path, {"viewer": VIEWER, "v": VIEWER}, "a.json")
    _file(tmp_path, {"viewer": VIEWER, "w": OTHER}, "b.json")
    entries, faults = read_documents(tmp_path)
    assert not faults
    assert [each.id for each in entries] == ["viewer", "v", "w"]
    _file(tmp_path, {"v": OTHER}, "c.json")
    _, faults = read_documents(tmp_path)
    assert [str(each) for each in faults] == ["c.json, v: a.json has another text under this id"]


def test_a_name_twice_in_one_object_is_not_overlooked(tmp_path):
    """JSON readers keep the last of two members alike; here two texts under one id are told."""
    twice = f'{{"v": {json.dumps(VIEWER)}, "v": {json.dumps(OTHER)}}}'.encode()
    _, faults = read_documents(_file(tmp_path, twice))
    assert ["another text" in each.message for each in faults] == [True]


BAD_FILES = {
    "nothing": (b"", "no JSON at line 1"),
    "no JSON": (b'{"a": ', "no JSON at line 1"),
    "GraphQL in a .json": (VIEWER.encode(), "no JSON"),
    "UTF-16": (json.dumps({"v": VIEWER}).encode("utf-16"), "no UTF-8 at byte 0"),
    "Latin-1": ('{"v": "# \xe9"}'.encode("latin-1"), "no UTF-8 at byte 9"),
    "a list": ([[HASH, VIEWER]], "is no manifest"),
    "a text": ("query", "is no manifest"),
    "null": (None, "is no manifest"),
    "an empty map": ({}, "holds no document"),
    "a number as text": ({"v": 7}, "v: has no text behind it"),
    "an object as text": ({"v": {"query": VIEWER}}, "v: has no text behind it"),
    "a long number": (b'{"v": ' + b"9" * 100_000 + b"}", "v: has no text"),
    "another format": ({"format": "other", "version": 1, "operations": []}, "is of another format"),
    "another version": ({**APOLLO, "version": 2, "operations": []}, "is of another format"),
    "no format": ({"operations": [_operation()]}, "is of another format"),
    "an empty manifest of Apollo's": ({**APOLLO, "operations": []}, "holds no document"),
    "an operation that is a text": ({**APOLLO, "operations": ["x"]}, "operations[0]: has no text as id and name"),
    "no body": ({**APOLLO, "operations": [{"id": HASH, "name": "A", "type": "query"}]}, "no text as body"),
    "another type": ({**APOLLO, "operations": [_operation(type="fragment")]}, "has a type other than"),
    "an empty id": ({"": VIEWER}, f"1 to {LONGEST_ID} visible ASCII characters"),
    "a blank in an id": ({"a b": VIEWER}, "'a b': an id has"),
    "a line end in an id": ({"a\n": VIEWER}, r"'a\n': an id has"),
    "another script in an id": ({"é": VIEWER}, "visible ASCII"),
    "a long id": ({"v" * 257: VIEWER}, "visible ASCII"),
    "a reserved prefix": ({"md5:abc": VIEWER}, "the prefix md5: is reserved"),
    "a prefix in capitals": ({"SHA256:" + HASH: VIEWER}, "the prefix SHA256: is reserved"),
    "no prefix before the colon": ({":abc": VIEWER}, "the prefix : is reserved"),
    "a hash in capitals": ({"sha256:" + HASH.upper(): VIEWER}, "64 hexadecimal digits in lower case"),
    "a short hash": ({"sha256:" + HASH[:63]: VIEWER}, "64 hexadecimal digits"),
    "the hash of another text": ({sha256_of(OTHER): VIEWER}, f"not the SHA-256 of the text, which is sha256:{HASH}"),
    "the same without its prefix": ({sha256_of(OTHER)[7:]: VIEWER}, "not the SHA-256 of the text"),
    "the hash of a text that was changed": ({HASH: VIEWER + "\n"}, "the text was changed after it was hashed"),
    "the same of Apollo's": ({**APOLLO, "operations": [_operation(body=VIEWER + "\r")]}, "documents.json, " + HASH),
    "half a surrogate pair": (b'{"v": "{ a(b: \\"\\ud800\\") }"}', "half of a surrogate pair"),
    "a nest": (b"[" * 100_000, "nested too deep"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_wrong_with_a_file_is_told(tmp_path, name):
    """Each fault names the file or the document in it, and nothing of it is taken."""
    content, words = BAD_FILES[name]
    entries, faults = read_documents(_file(tmp_path, content))
    assert not entries
    (fault,) = faults
    assert words in str(fault)
    assert "documents.json" in str(fault) or str(tmp_path) in str(fault)


def test_all_faults_are_told_and_not_the_first(tmp_path):
    """Three documents and a file are wrong, one document is right: four faults, one document."""
    _file(tmp_path, {"a b": VIEWER, "md5:x": VIEWER, "good": VIEWER, "number": 1}, "a.json")
    _file(tmp_path, b"{", "b.json")
    entries, faults = read_documents(tmp_path)
    assert [each.id for each in entries] == ["good"]
    assert len(faults) == 4


def test_what_is_not_there_is_told(tmp_path):
    """A path that leads nowhere, one that no file can have, an empty folder, a folder of other files."""
    assert "cannot be read: File name too long" in str(read_documents(tmp_path / ("x" * 5_000))[1][0])
    assert "is no file" in str(read_documents(tmp_path / "nowhere")[1][0])
    assert "holds no .graphql" in str(read_documents(tmp_path)[1][0])
    _file(tmp_path, b"x", "notes.txt")
    assert "holds no .graphql" in str(read_documents(tmp_path)[1][0])


def test_size_is_bounded(tmp_path):
    """Too many bytes, in one file or together, and too many documents are refused before they are prepared."""
    file = _file(tmp_path, {f"x-{n}": VIEWER for n in range(MOST_DOCUMENTS + 1)})
    entries, faults = read_documents(file)
    assert not entries
    assert f"may hold {MOST_DOCUMENTS:,}" in str(faults[0])
    entries, faults = read_documents(_file(tmp_path, {"v": " " * MOST_BYTES}))
    assert not entries
    assert f"{MOST_BYTES:,} bytes" in str(faults[0])
    for number in range(3):
        _file(tmp_path / "many", {f"{number}": " " * (MOST_BYTES // 2)}, f"{number}.json")
    assert any(f"{MOST_BYTES:,} bytes" in str(each) for each in read_documents(tmp_path / "many")[1])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["format", "version", "operations", "id", "body"]) | st.text(), inner)
    ),
    max_leaves=20,
)


@given(content=st.binary() | _JSON.map(lambda each: json.dumps(each).encode()))
@settings(max_examples=300, deadline=None)
def test_no_file_breaks_the_reader(tmp_path_factory, content):
    """Whatever bytes a file holds, there are documents or faults, and each document has a text under a fit id."""
    file = _file(tmp_path_factory.mktemp("any", numbered=True), content)
    entries, faults = read_documents(file)
    assert entries or faults
    assert all(each.id.isascii() and 0 < len(each.id) <= LONGEST_ID for each in entries)
