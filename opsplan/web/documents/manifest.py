"""Files of trusted documents, from bytes to ids and texts; what is wrong with a file is told, all of it.

Three forms are read. A map from ids to texts, ``{"<id>": "query ..."}``, as Relay's compiler and the client preset of
GraphQL Code Generator write it. Apollo's manifest, ``{"format": "apollo-persisted-query-manifest", ...}``. A file that
is a GraphQL document itself, whose id is the SHA-256 of its text. A folder may hold any of them.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 4_000_000
"""How many bytes all files together may have: prepared, they take some forty times as much memory."""
MOST_DOCUMENTS = 2_000
"""How many documents all files together may hold: to check one takes some 10 ms of the start."""
LONGEST_ID = 256
"""How many characters an id may have."""

GRAPHQL_ENDINGS = (".graphql", ".gql")
APOLLO = "apollo-persisted-query-manifest"
_APOLLO_VERSION = 1
_KINDS = ("query", "mutation", "subscription")
_PREFIX = "sha256:"
_HEX = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a file holds it.

    Attributes
    ----------
    id, text
        Its id and its text.
    source
        The file, from the folder that was read.
    declared
        Name and kind of its one operation, where the file tells them beside the text.
    """

    id: str
    text: str
    source: str
    declared: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: with which file or document, and what."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def sha256_of(text: str) -> str:
    """Give the id that every text has by the specification: the SHA-256 of its UTF-8 bytes, in lower-case hex.

    >>> sha256_of("query($id:ID!){user(id:$id){name}}")
    'sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b'
    """
    return _PREFIX + hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_documents(path: Path) -> tuple[list[Entry], list[Fault]]:
    """Read a file, or all of a folder's ``.graphql``, ``.gql`` and ``.json`` files, those in its folders too.

    Files and folders whose names begin with a full stop are left out. A document that is there twice, with the same
    text, counts once.

    Returns
    -------
    tuple
        The documents that can be had, and all that is wrong with the files.
    """
    faults: list[Fault] = []
    entries: dict[str, Entry] = {}
    left_bytes = MOST_BYTES
    try:
        files, folder = _files(path)
    except OSError as failure:
        return [], [Fault(str(path), f"cannot be read: {failure.strerror}")]
    if not files:
        what = "is no file" if folder != path else "holds no .graphql, .gql or .json file"
        return [], [Fault(str(path), what)]
    for file in files:
        source = str(file.relative_to(folder))
        data = _bytes(file, left_bytes, source, faults)
        if data is None:
            continue
        left_bytes -= len(data)
        for each in _entries(file, data, source, faults):
            known = entries.setdefault(each.id, each)
            if known.text != each.text:
                faults.append(Fault(label(each), f"{known.source} has another text under this id"))
    if not entries and not faults:
        faults.append(Fault(str(path), "holds no document"))
    if len(entries) > MOST_DOCUMENTS:
        faults.append(Fault(str(path), f"holds {len(entries):,} documents, and may hold {MOST_DOCUMENTS:,}"))
        return [], faults
    return list(entries.values()), faults


def label(entry: Entry, names: Iterable[str] = ()) -> str:
    """Say which document is meant: its file, its id, and its operations where they are known."""
    known = ", ".join([entry.declared[0]] if entry.declared else names)
    return f"{entry.source}, {_shown(entry.id)}" + (f" ({known})" if known else "")


def _shown(name: str) -> str:
    """Give an id as it may stand in a line, whatever a file has for one."""
    return name if len(name) <= LONGEST_ID and _ID.fullmatch(name) else repr(name[:LONGEST_ID])


def _files(path: Path) -> tuple[list[Path], Path]:
    if not path.is_dir():
        return ([path] if path.is_file() else []), path.parent
    return [
        each
        for each in sorted(path.rglob("*"))
        if each.suffix in (*GRAPHQL_ENDINGS, ".json")
        and each.is_file()
        and not any(part.startswith(".") for part in each.relative_to(path).parts)
    ], path


def _bytes(file: Path, most: int, source: str, faults: list[Fault]) -> bytes | None:
    try:
        with file.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as failure:
        faults.append(Fault(source, f"cannot be read: {failure.strerror}"))
        return None
    if len(data) > most:
        faults.append(Fault(source, f"is too long: all files together may have {MOST_BYTES:,} bytes"))
        return None
    return data


def _entries(file: Path, data: bytes, source: str, faults: list[Fault]) -> Iterator[Entry]:
    """Give the documents of a file that are whole, and add what is wrong with the others to the faults."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as failure:
        faults.append(Fault(source, f"is no UTF-8 at byte {failure.start}"))
        return
    if file.suffix in GRAPHQL_ENDINGS:
        yield Entry(sha256_of(text), text, source)
        return
    try:
        # As floats, numbers of any length are read in no time; the only one that counts is a 1.
        content = json.loads(text, object_pairs_hook=_Object, parse_int=float)
    except json.JSONDecodeError as failure:
        faults.append(Fault(source, f"is no JSON at line {failure.lineno}, column {failure.colno}"))
        return
    except RecursionError:
        faults.append(Fault(source, "is nested too deep for a manifest"))
        return
    for each in _of_json(content, source, faults):
        wrong = _wrong_with(each)
        if wrong is None:
            yield each
        else:
            faults.append(Fault(label(each), wrong))


class _Object(list[tuple[str, Any]]):
    """A JSON object with its members in order, those of one name all there."""


def _of_json(content: Any, source: str, faults: list[Fault]) -> Iterator[Entry]:
    if not isinstance(content, _Object):
        faults.append(Fault(source, 'is no manifest; give {"<id>": "<text>"} or Apollo\'s manifest'))
        return
    members = dict(content)
    if isinstance(members.get("operations"), list):
        yield from _of_apollo(members, source, faults)
        return
    for name, text in content:
        if isinstance(text, str):
            yield Entry(name, text, source)
        else:
            faults.append(Fault(f"{source}, {_shown(name)}", "has no text behind it"))


def _of_apollo(members: dict[str, Any], source: str, faults: list[Fault]) -> Iterator[Entry]:
    if members.get("format") != APOLLO or members.get("version") != _APOLLO_VERSION:
        faults.append(Fault(source, f'is of another format; known is {{"format": "{APOLLO}", "version": 1}}'))
        return
    for number, operation in enumerate(members["operations"]):
        given = dict(operation) if isinstance(operation, _Object) else {}
        wrong = [name for name in ("id", "name", "type", "body") if not isinstance(given.get(name), str)]
        if wrong:
            faults.append(Fault(f"{source}, operations[{number}]", f"has no text as {' and '.join(wrong)}"))
        elif given["type"] not in _KINDS:
            faults.append(Fault(f"{source}, {_shown(given['id'])}", f"has a type other than {', '.join(_KINDS)}"))
        else:
            yield Entry(given["id"], given["body"], source, (given["name"], given["type"]))


def _wrong_with(entry: Entry) -> str | None:
    """Say what is wrong with a document's id, or with the id for this text; None when nothing is."""
    if len(entry.id) > LONGEST_ID or not _ID.fullmatch(entry.id):
        return f"an id has 1 to {LONGEST_ID} visible ASCII characters"
    try:
        hashed = sha256_of(entry.text)
    except UnicodeEncodeError:
        return "its text holds half of a surrogate pair, which is no Unicode text"
    prefix, colon, rest = entry.id.partition(":")
    if colon and prefix == "sha256" and not _HEX.fullmatch(rest):
        return "behind sha256: there must be 64 hexadecimal digits in lower case"
    if colon and prefix != "sha256" and not prefix.startswith("x-"):
        return f"the prefix {prefix}: is reserved by GraphQL over HTTP; take sha256:, one that begins with x-, or none"
    if (_HEX.fullmatch(entry.id) or (colon and prefix == "sha256")) and hashed != _PREFIX + (rest or entry.id):
        return f"the id is not the SHA-256 of the text, which is {hashed}; the text was changed after it was hashed"
    return None
