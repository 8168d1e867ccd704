"""How the demonstration has two agencies meet: one plans where another has a claim, is told, commits, and withdraws."""

from typing import Any

from rich.console import Console

from opsplan.demo import documents, show
from opsplan.demo.client import Client


async def have_met(client: Client, console: Console, code: str) -> None:
    """Plan at the place and hour of another agency's claim, as the agency `code`, and show what comes of it.

    Nothing is left of it: the claim is withdrawn in the end, and its conflict is gone.
    """
    found = (await client.ask(documents.CLAIM_OF_ANOTHER, code=code))["claims"]["nodes"]
    if not found:
        return
    theirs = found[0]
    console.rule("Deconfliction")
    mine = {
        "name": "EXERCISE search that nobody knew of",
        "kind": "SEARCH",
        **{name: theirs[name] for name in ("location", "start", "end")},
    }
    refusal = (await client.ask(documents.CREATE_CLAIM, input=mine))["createClaim"]
    missing = refusal.get("missing", [])
    owners = await client.ask(documents.NAMES_OF_AGENCIES, ids=sorted({each["contactId"] for each in missing}))
    console.print(f"{code} plans a search where {theirs['owner']['code']} has claimed {theirs['name']}.")
    console.print(f"Refused: {refusal.get('message', 'no')}")
    console.print(show.missing_table(missing, {each["id"]: each["code"] for each in owners["agencies"]["nodes"]}))
    seen = [each["key"] for each in missing]
    claim = (await client.ask(documents.CREATE_CLAIM, input={**mine, "seen": seen}))["createClaim"]
    notices = (await client.ask(documents.NOTICES_ON, claimId=claim["id"]))["notices"]["nodes"]
    console.print("Committed with the keys; both sides hold a notice and settle it. What would end each conflict:")
    console.print(show.alternatives_table([await _with_alternatives(client, each) for each in notices]))
    withdrawn = {"id": claim["id"], "expectedVersion": claim["version"], "reason": "EXERCISE only shown"}
    await client.change(documents.RETIRE_CLAIM, input=withdrawn)
    console.print("Withdrawn: nothing of it is left but the record of what was told.")
    console.print()


async def _with_alternatives(client: Client, notice: dict[str, Any]) -> dict[str, Any]:
    conflict = notice["conflict"]
    if conflict is None:
        return {**notice, "alternatives": []}
    answer = await client.ask(documents.CONFLICT_ALTERNATIVES, conflictId=conflict["id"])
    return {**notice, "alternatives": answer["conflictAlternatives"]["alternatives"]}
