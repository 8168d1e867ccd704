"""The demonstration's tables, from answers of the API."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.table import Table

from opsplan.vocabulary.clock import h_text

Answer = Mapping[str, Any]


def compounds_table(answer: Answer) -> Table:
    """Show the sites of the first query with who has jurisdiction there."""
    found = answer["compounds"]
    table = Table(
        "site",
        "country",
        "schemes",
        "holds",
        "expected victims",
        "jurisdiction",
        title=f"Confirmed romance and crypto sites: the largest of {found['totalCount']}",
    )
    for each in found["nodes"]:
        country = each["country"]["name"] if each["country"] else _names(each["candidateCountries"], " or ")
        victims = each["victimEstimates"]["nodes"]
        total = sum(estimate["likely"] for estimate in victims)
        of = ", ".join(f"{estimate['nationality']['code']} {estimate['likely']}" for estimate in victims[:4])
        agencies = ", ".join(
            f"{edge['node']['code']} ({'/'.join(basis[:4].lower() for basis in edge['bases'])})"
            for edge in each["jurisdictions"]["edges"][:4]
        )
        schemes = ", ".join(scheme.lower().replace("_", " ") for scheme in each["schemeTypes"] or [])
        table.add_row(each["name"], country, schemes, str(each["capacity"] or ""), f"{total} ({of})", agencies)
    return table


def approvals_table(approvals: Sequence[Answer]) -> Table:
    """Show what each host was asked to approve, and what it said."""
    table = Table("country", "authority", "actions there", "its units abroad", "answer", "signed part (SHA-256)")
    for each in approvals:
        part = json.loads(each["document"])
        numbers = (str(len(part["actions"])), str(len(part["abroad"])))
        state = each["state"].lower()
        table.add_row(each["country"]["name"], each["authority"]["code"], *numbers, state, each["fingerprint"][:16])
    return table


def missing_table(missing: Sequence[Answer], codes: Mapping[str, str]) -> Table:
    """Show what a commit has to have seen, and whom to call; `codes` are agencies' codes by id."""
    table = Table("call", "by the rule", "severity", "why", "key to show")
    for each in missing:
        why = " ".join(each["sentences"]) or "hidden"
        key = f"{each['key'][:16]}…"
        table.add_row(codes.get(each["contactId"], ""), each["rule"] or "", (each["severity"] or "").lower(), why, key)
    return table


def alternatives_table(notices: Sequence[Answer]) -> Table:
    """Show notices, and for each the least changes that would end its conflict."""
    table = Table("other side", "severity", "acknowledge by", "nearest free times (UTC)")
    for each in notices:
        conflict = each["conflict"] or {}
        times = ", ".join(
            f"{other['start'][5:16].replace('T', ' ')} ({other['movedMinutes']:+,} min)"
            for other in each["alternatives"]
        )
        severity = (conflict.get("severity") or "").lower()
        until = (each["acknowledgeBy"] or "")[5:16].replace("T", " ")
        table.add_row(each["contact"]["code"], severity, until, times or "none within two weeks")
    return table


def territorial_agency(answer: Answer) -> str | None:
    """Give the code of an agency that the first query shows with territorial jurisdiction."""
    for each in answer["compounds"]["nodes"]:
        for edge in each["jurisdictions"]["edges"]:
            if "TERRITORIAL" in edge["bases"]:
                return str(edge["node"]["code"])
    return None


def network_table(answer: Answer) -> Table | None:
    """Show a network's members by distance; None when there is no such network."""
    if not answer["targets"]["nodes"]:
        return None
    network = answer["targets"]["nodes"][0]
    members = network["network"]
    also = f" ({network['aliases'][0]})" if network["aliases"] else ""
    title = f"{network['name']}{also}: {members['totalCount']} targets within two links"
    table = Table("links away", "target", "kind", "status", title=title)
    for edge in sorted(members["edges"], key=lambda edge: (edge["hops"], edge["node"]["name"])):
        node = edge["node"]
        table.add_row(str(edge["hops"]), node["name"], node["kind"].lower(), node["status"].lower())
    return table


def jurisdiction_table(answer: Answer) -> Table:
    """Show the sites that an agency has jurisdiction over."""
    agency = answer["agencies"]["nodes"][0]
    over = agency["jurisdictionOver"]
    table = Table(
        "site",
        "status",
        "country",
        "bases",
        "certain",
        title=f"{agency['name']} has jurisdiction over {over['totalCount']} sites",
    )
    for edge in over["edges"]:
        node = edge["node"]
        bases = ", ".join(basis.lower().replace("_", " ") for basis in edge["bases"])
        country = node["country"]["code"] if node["country"] else "near a border"
        table.add_row(node["name"], node["status"].lower(), country, bases, "yes" if edge["certain"] else "no")
    return table


def plan_table(document: Answer) -> Table:
    """Show a plan by country and hour."""
    plan = document["plan"]
    table = Table(
        "country", "H±", "UTC", "local", "action", "units", title=f"Plan {plan['number']} by country and hour"
    )

    def by_country(each: Answer) -> str:
        return str((each["action"]["country"] or {}).get("name", "country not certain"))

    for country, of_country in groupby(sorted(plan["actions"], key=lambda e: (by_country(e), e["start"])), by_country):
        for number, each in enumerate(of_country):
            table.add_row(
                country if number == 0 else "",
                h_text(each["hOffsetMinutes"]),
                each["start"][5:16].replace("T", " "),
                each["localStart"][5:16].replace("T", " "),
                each["action"]["name"],
                ", ".join(unit["name"].removeprefix("EXERCISE ") for unit in each["units"]),
            )
        table.add_section()
    return table


def left_out_table(left_out: Sequence[Answer]) -> Table:
    """Show what a plan leaves out, and why."""
    table = Table("action", "reason", "in words", title=f"Left out: {len(left_out)}")
    for each in left_out:
        table.add_row(each["action"]["name"], "\n".join(each["codes"]), each["sentence"])
    return table


def progress_line(event: Answer) -> str:
    """Write an event of a run's progress as one line."""
    parts = [f"{event['state'].lower():<9}", f"{event['elapsedSeconds'] or 0:5.1f} s"]
    if event["placed"] is not None:
        parts.append(f"placed {event['placed']} of {event['placed'] + (event['unplaced'] or 0)}")
    if event["incumbent"] is not None:
        parts.append(f"value {event['incumbent']:,.0f}")
    if event["bound"] is not None:
        parts.append(f"bound {event['bound']:,.0f}")
    if event["gap"] is not None:
        parts.append(f"gap {event['gap']:.1%}")
    if event["stage"]:
        parts.append(str(event["stage"]))
    return "  ".join(parts)


def _names(connection: Answer, between: str) -> str:
    return between.join(node["name"] for node in connection["nodes"])
