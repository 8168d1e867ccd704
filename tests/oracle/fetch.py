"""Facts and plan from the API: GraphQL over HTTP with a token, page by page.

The answers are read one after another; whoever wants them to agree asks while nobody changes the operation.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import httpx

from tests.oracle import documents
from tests.oracle.documents import Listing
from tests.oracle.facts import Facts, Network
from tests.oracle.plan import Plan
from tests.oracle.read import Row, Served, read_facts, read_network, read_plan

_MOST_WAITS = 20
"""The largest operations cost some minutes' budget to read."""


class Unanswered(Exception):
    """The API gave errors, or less than was asked for."""


class Api:
    """Asks one service with one token."""

    def __init__(self, url: str, token: str) -> None:
        # A proxy of the environment has no business between the checker and the service.
        self._client = httpx.Client(
            base_url=url, timeout=60.0, headers={"authorization": f"Bearer {token}"}, trust_env=False
        )

    def __enter__(self) -> "Api":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Send an operation and give its data; where the agency's budget is used up, wait as long as the service says.

        Raises
        ------
        Unanswered
            When the answer has errors.
        """
        for _ in range(_MOST_WAITS):
            response = self._client.post("/graphql", json={"query": document, "variables": variables})
            answer = response.json()
            seconds = _to_wait_s(answer)
            if seconds is None:
                break
            time.sleep(seconds)
        if answer.get("errors") or not answer.get("data"):
            raise Unanswered(f"HTTP {response.status_code}: {answer.get('errors') or answer}")
        data: dict[str, Any] = answer["data"]
        return data

    def rows(self, listing: Listing, where: Mapping[str, Any]) -> Iterator[Row]:
        """Give every row of a list, whatever the size of its pages.

        Raises
        ------
        Unanswered
            When a list inside a row has more entries than were asked for: nothing may be judged by a part.
        """
        after = None
        while True:
            page = self.ask(listing.document, {"where": where, "first": listing.page, "after": after})[listing.field]
            for row in page["nodes"]:
                _refuse_parts(row, listing.field)
                yield row
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]


def fetch(url: str, token: str, plan_id: str, network: Network | None = None) -> tuple[Facts, Plan]:
    """Fetch a plan and all that it is judged against; airports and large towns only where no `network` is given.

    Raises
    ------
    Unanswered
        When the API refuses, or knows no such plan.
    """
    with Api(url, token) as api:
        plan = api.ask(documents.PLAN, {"id": plan_id})["plan"]
        if plan is None:
            raise Unanswered(f"There is no plan {plan_id}.")
        operation = plan["operation"]
        placements = list(api.rows(documents.PLACEMENTS, {"plan": _is(plan_id)}))
        known = network or read_network(_lists(api, _NETWORK))
        return read_facts(_served(api, operation), known), read_plan(plan, placements)


_NETWORK: tuple[tuple[str, Listing, Mapping[str, Any]], ...] = (
    ("countries", documents.COUNTRIES, {}),
    ("airports", documents.AIRPORTS, {}),
    ("towns", documents.TOWNS, {"population": {"gte": documents.TOWN_INHABITANTS}}),
)


def _lists(api: Api, wanted: Iterable[tuple[str, Listing, Mapping[str, Any]]]) -> dict[str, Sequence[Row]]:
    return {name: list(api.rows(listing, where)) for name, listing, where in wanted}


def _served(api: Api, operation: Row) -> Served:
    own = {"operation": _is(operation["id"])}
    of_mode = {"mode": {"action": own}}
    published = {"state": {"eq": "PUBLISHED"}}
    offered = {"offers": {"some": {"participant": {"state": {"eq": "ACCEPTED"}, **own}}}}
    lists = _lists(
        api,
        (
            ("actions", documents.ACTIONS, own),
            ("modes", documents.MODES, {"action": own}),
            ("unit_needs", documents.UNIT_NEEDS, of_mode),
            ("resource_needs", documents.RESOURCE_NEEDS, of_mode),
            ("groups", documents.GROUPS, own),
            ("precedences", documents.PRECEDENCES, {"after": own}),
            ("warrants", documents.WARRANTS, {"action": own}),
            ("units", documents.UNITS, offered),
            ("absences", documents.ABSENCES, {"unit": offered}),
            ("resources", documents.RESOURCES, offered),
            ("capacities", documents.CAPACITIES, {"resource": offered}),
            ("quiet_hours", documents.QUIET_HOURS, {"exercise": {"eq": operation["exercise"]}}),
            ("own_places", documents.PLACEMENTS, {"plan": {**published, **own}}),
            ("elsewhere", documents.ELSEWHERE, {"plan": {**published, "not": own}}),
            ("zones", documents.ZONES, {}),
        ),
    )
    lists["bound_units"], lists["bound_absences"] = _bound(api, lists)
    hosts = {row["country"]["code"] for row in lists["actions"] if row["country"]}
    several = [row["code"] for row in lists["zones"] if len(row["timeZones"]) > 1 and row["code"] in hosts]
    lists["settled"] = list(api.rows(documents.TOWNS, {"country": {"code": {"in": several}}})) if several else []
    return Served(operation, lists)


def _bound(api: Api, lists: Mapping[str, Sequence[Row]]) -> tuple[list[Row], list[Row]]:
    """Give the units of locked places that are no longer offered, with their absences; retired ones too."""
    known = {row["id"] for row in lists["units"]}
    bound = sorted({unit["id"] for row in lists["own_places"] for unit in row["units"]["nodes"]} - known)
    if not bound:
        return [], []
    where = {"id": {"in": bound}}
    return list(api.rows(documents.BOUND_UNITS, where)), list(api.rows(documents.ABSENCES, {"unit": where}))


def _to_wait_s(answer: Mapping[str, Any]) -> float | None:
    """After how many seconds the service takes more; None where it has not asked for a pause."""
    for error in answer.get("errors") or ():
        told = error.get("extensions") or {}
        if told.get("code") == "RATE_LIMITED":
            return float(told["retryAfterSeconds"])
    return None


def _is(record_id: str) -> dict[str, Any]:
    return {"id": {"eq": record_id}}


def _refuse_parts(row: Row, path: str) -> None:
    for name, value in row.items():
        if isinstance(value, Mapping) and value.get("pageInfo", {}).get("hasNextPage"):
            raise Unanswered(f"{path}.{name} of {row.get('id')} has more entries than were asked for.")
        if isinstance(value, Mapping):
            _refuse_parts(value, f"{path}.{name}")
