"""`opsplan documents`: checks manifests against the schema, tells all that is wrong, writes manifests that hold."""

import json

import pytest
from typer.testing import CliRunner

from opsplan.cli import app
from opsplan.cli.schema import served
from opsplan.web.documents.manifest import sha256_of
from opsplan.web.explorer import examples
from tests.opsplan.web.documents.conftest import MANIFEST

SERVED = served()
AGENCIES = "query Agencies { agencies(first: 10) { nodes { code country { code } } } }"


def _run(*arguments, **environment):
    environment = {name: str(each) for name, each in environment.items()}
    return CliRunner().invoke(app, ["documents", *map(str, arguments)], env=environment)


def _row(output, name):
    """Give the cells of the table's row that has this name."""
    (found,) = [line for line in output.splitlines() if f"│ {name} " in line]
    return [cell.strip() for cell in found.strip("│").split("│")]


@pytest.mark.parametrize("arguments", [[], ["check"], ["write"]])
def test_every_command_says_what_it_does(arguments):
    """Help tells what is read, what is written, and where more stands."""
    result = _run(*arguments, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_check_shows_each_operation_with_its_measures(tmp_path):
    """Id, name, kind, size, and how many records it may read at most: ten agencies and ten countries."""
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({"agencies": AGENCIES, "two": MANIFEST["x-case:Two.~_-"]}), encoding="utf-8")
    result = _run("check", file)
    assert result.exit_code == 0, result.output
    assert _row(result.output, "Agencies") == [
        "agencies",
        "Agencies",
        "query",
        str(len(AGENCIES)),
        "4",
        "5",
        "0",
        "20",
    ]
    assert _row(result.output, "One")[:3] == ["two", "One", "query"]
    assert _row(result.output, "Two")[:3] == ["two", "Two", "query"]


def test_check_takes_what_the_service_would(tmp_path):
    """Without a path it checks what the setting names, under the limits of the other settings."""
    (tmp_path / "agencies.graphql").write_text(AGENCIES, encoding="utf-8")
    result = _run("check", OPSPLAN_TRUSTED_DOCUMENTS=tmp_path)
    assert result.exit_code == 0, result.output
    result = _run("check", tmp_path, OPSPLAN_QUERY_DEPTH=5)
    assert result.exit_code == 0, result.output
    result = _run("check", tmp_path, OPSPLAN_QUERY_TOKENS=100, OPSPLAN_QUERY_DEPTH=5)
    assert result.exit_code == 0, result.output
    result = _run("check")
    assert result.exit_code == 2
    assert "OPSPLAN_TRUSTED_DOCUMENTS" in result.output


UNFIT = {
    "syntax": ("query A {", "Syntax Error: Expected Name, found <EOF>. (line 1, column 10)"),
    "an unknown field": ("query A { nothing }", "(A): Cannot query field 'nothing' on type 'Query'"),
    "an unknown argument": ("query A { agencies(firsst: 1) { totalCount } }", "Unknown argument 'firsst'"),
    "a value of a wrong type": ('query A { agencies(first: "1") { totalCount } }', "Int cannot represent"),
    "an unused variable": ("query A($a: Int) { viewer { subject } }", "Variable '$a' is never used"),
    "no operation": ("fragment F on Query { viewer { subject } }", "Fragment 'F' is never used"),
    "a definition of types": ("type A { a: Int }", "not executable"),
    "too deep": (
        "query A { agencies { nodes " + "{ country " * 30 + "{ code }" + " }" * 30 + " } }",
        "(depth 33, at most 30)",
    ),
    "too many tokens": ("query A { " + "__typename " * 5_000 + "}", "it may have 5,000 tokens"),
    "too many aliases": (
        "query A { " + " ".join(f"a{n}: __typename" for n in range(51)) + " }",
        "(aliases 51, at most 50)",
    ),
    "a page too large": ("query A { agencies(first: 1001) { totalCount } }", "first is 1001; give 0 to 1000"),
    "both ends": ("query A { agencies(first: 1, last: 1) { totalCount } }", "give first or last, not both"),
    "too many records": (
        "query A { agencies(first: 1000) { nodes { jurisdictionOver(first: 1000) { edges { certain } } } } }",
        "more than the 250,000 that an operation may",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_check_tells_what_no_longer_fits(tmp_path, name):
    """Each document that the schema or a limit forbids is named with what is wrong; the status is 1."""
    text, words = UNFIT[name]
    (tmp_path / "a.graphql").write_text(text, encoding="utf-8")
    (tmp_path / "b.graphql").write_text(AGENCIES, encoding="utf-8")
    result = _run("check", tmp_path)
    assert result.exit_code == 1
    assert words in result.stderr
    assert f"a.graphql, {sha256_of(text)}" in result.stderr
    assert "b.graphql" not in result.stderr
    assert "Agencies" in result.stdout


def test_check_tells_of_all_documents(tmp_path):
    """Faults of files, of ids and of texts come together, each on its line, and their number at the end."""
    content = {"fit": AGENCIES, "a": "{ nothing anything }", "md5:b": AGENCIES, "c[red]": "{"}
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    result = _run("check", tmp_path)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[-1] == "5 faults."
    for words in (
        "a.json, a: Cannot query field 'nothing'",
        "a.json, a: Cannot query field 'anything'",
        "a.json, md5:b",
        "a.json, c[red]: Syntax Error",
        "b.json:",
    ):
        assert [line for line in lines if line.startswith(words)], words


APOLLO = {"format": "apollo-persisted-query-manifest", "version": 1}


@pytest.mark.parametrize(
    "more", [{"name": "Other"}, {"type": "mutation"}, {"body": AGENCIES + " query B { __typename }"}]
)
def test_apollos_manifest_must_say_what_its_text_is(tmp_path, more):
    """Clients look up an id by the operation's name: a name or kind that its text has not is told."""
    operation = {"id": "agencies", "name": "Agencies", "type": "query", "body": AGENCIES}
    file = tmp_path / "a.json"
    file.write_text(json.dumps({**APOLLO, "operations": [operation]}), encoding="utf-8")
    assert _run("check", file).exit_code == 0
    file.write_text(json.dumps({**APOLLO, "operations": [operation | more]}), encoding="utf-8")
    result = _run("check", file)
    assert result.exit_code == 1
    assert "its text is not that operation alone" in result.stderr


def _worked_examples(folder):
    folder.mkdir()
    for each in examples():
        (folder / f"{each.name}.graphql").write_text(each.document, encoding="utf-8")
    return folder


def test_write_makes_a_manifest_that_holds(tmp_path):
    """The explorer's worked examples become a map from hashes to their very texts, the same bytes each time."""
    folder = _worked_examples(tmp_path / "examples")
    result = _run("write", folder, tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    written = (tmp_path / "out.json").read_bytes()
    assert json.loads(written) == {sha256_of(each.document): each.document for each in examples()}
    assert _run("check", tmp_path / "out.json").exit_code == 0
    _run("write", folder, tmp_path / "out.json")
    assert (tmp_path / "out.json").read_bytes() == written


def test_write_puts_manifests_together(tmp_path):
    """Several agencies' manifests become one, with the ids that they have."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps({"one": AGENCIES}), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps({"two": AGENCIES, "one": AGENCIES}), encoding="utf-8")
    assert _run("write", folder, tmp_path / "out.json").exit_code == 0
    assert json.loads((tmp_path / "out.json").read_text()) == {"one": AGENCIES, "two": AGENCIES}


def test_write_makes_apollos_form(tmp_path):
    """With names and kinds, so that clients find ids by them; what has no one name cannot be written so."""
    folder = _worked_examples(tmp_path / "examples")
    result = _run("write", "--apollo", folder, tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (written["format"], written["version"]) == ("apollo-persisted-query-manifest", 1)
    assert {"Viewer", "CreateCompound", "Changes"} <= {each["name"] for each in written["operations"]}
    assert _run("check", tmp_path / "out.json").exit_code == 0
    (folder / "nameless.graphql").write_text("{ viewer { subject } }", encoding="utf-8")
    result = _run("write", "--apollo", folder, tmp_path / "other.json")
    assert result.exit_code == 1
    assert "one operation with a name" in result.stderr
    assert not (tmp_path / "other.json").exists()


def test_write_writes_nothing_when_a_document_does_not_fit(tmp_path):
    """What a service would not start with is not written; nor is a manifest where it would be read as a source."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.graphql").write_text("{ nothing }", encoding="utf-8")
    result = _run("write", tmp_path / "in", tmp_path / "out.json")
    assert result.exit_code == 1
    assert "Cannot query field 'nothing'" in result.stderr
    assert not (tmp_path / "out.json").exists()
    result = _run("write", tmp_path / "in", tmp_path / "in" / "out.json")
    assert result.exit_code == 2
    assert "write it elsewhere" in result.stderr
    (tmp_path / "in" / "a.graphql").write_text(AGENCIES, encoding="utf-8")
    result = _run("write", tmp_path / "in", tmp_path / "nowhere" / "out.json")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
