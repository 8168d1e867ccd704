"""What is deprecated says what to ask instead and when it goes, and who still uses it is counted."""

import re
from datetime import date, timedelta
from pathlib import Path

import httpx
from graphql import build_schema, parse

from opsplan.main.capabilities import CAPABILITIES
from opsplan.vocabulary.actor import Role
from opsplan.web.deprecations import deprecated_in
from tests.opsplan.web.conftest import OTHER, OWN, Api, serving, settings_for
from tests.opsplan.web.processes import free_port

ROOT = Path(__file__).parents[3]
SCHEMA = build_schema(
    """type Query { old(of: Which, was: Int @deprecated(reason: "x")): Int @deprecated(reason: "x") new(by: In): Int }
    enum Which { A B @deprecated(reason: "x") } input In { good: Int bad: Int @deprecated(reason: "x") }"""
)
COMPARE = 'query { comparePlans(firstId: "a", secondId: "b") { kind } }'


def test_what_is_used_is_found_by_its_coordinate() -> None:
    """Fields, arguments, choices and members of inputs, each once, wherever they stand."""
    text = "{ old(of: B, was: 1) again: old new(by: {good: 1, bad: 2}) ...F } fragment F on Query { old(of: A) }"
    assert deprecated_in(SCHEMA, parse(text)) == ("In.bad", "Query(was:)", "Query.old", "Which.B")
    assert deprecated_in(SCHEMA, parse("{ new(by: {good: 1}) }")) == ()


def test_what_is_deprecated_says_when_it_goes_a_year_ahead() -> None:
    """The reason names what to ask instead, and a day; the changelog has it, with a year between at the least."""
    text = (ROOT / "graph_schema" / "public.graphql").read_text(encoding="utf-8")
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    reasons = re.findall(r"(\w+)(?:\([^)]*\))?: [\[\]\w!]+ @deprecated\(reason: \"([^\"]+)\"\)", text)
    assert len(reasons) == text.count("@deprecated(")
    for name, reason in reasons:
        goes = re.fullmatch(r".+ Goes on (\d{4}-\d{2}-\d{2})\.", reason)
        assert goes, (name, reason)
        entry = re.search(rf"`{name}`, since (\d{{4}}-\d{{2}}-\d{{2}}): .*It goes on {goes[1]}\.", log)
        assert entry, name
        assert date.fromisoformat(goes[1]) - date.fromisoformat(entry[1]) >= timedelta(days=365)


async def test_uses_are_counted_by_agency(world, graph_server, tmp_path) -> None:
    """Whoever still asks for it is named in the metrics; what is not deprecated is not there."""
    port = free_port()
    apis = [each for each in CAPABILITIES if each.api is not None]
    with serving(settings_for(graph_server, tmp_path, OPSPLAN_METRICS_PORT=str(port)), apis) as running:
        async with httpx.AsyncClient(base_url=running.url, timeout=30) as client:
            own, other = (Api(client, running.token(code, Role.READER)) for code in (OWN, OTHER))
            for caller, times in ((own, 2), (other, 1)):
                for _ in range(times):
                    await caller.post(COMPARE)
                    await caller.post("{ viewer { subject } }")
            told = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    uses = dict(
        re.findall(r'opsplan_deprecated_uses_total\{agency="([^"]+)",element="Query.comparePlans"\} (\S+)', told)
    )
    assert uses == {OWN: "2.0", OTHER: "1.0"}
