"""Which hosts have consented to a plan as it stands, and which have not: read, and held against their signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jwt import PyJWK

from opsplan.access.detached import BadSignature, check_detached
from opsplan.graph.transaction import Tx
from opsplan.jurisdiction.signing import signing_keys_of
from opsplan.scheduling.consent.parts import PlannedPart, fingerprint, part_documents, unhosted
from opsplan.scheduling.model import ApprovalState
from opsplan.scheduling.service.refusals import first_of
from opsplan.scheduling.store.approvals import (
    StoredApproval,
    approvals_of,
    authorities_of,
    read_groups,
    read_part_rows,
)
from opsplan.scheduling.store.plans import StoredPlan
from opsplan.vocabulary.errors import Conflict
from opsplan.vocabulary.sentences import Sentence, say

_SHOWN = 5


class ApprovalsMissing(Conflict):
    """Not every host has approved its part of the plan as it is. Facts: `missing`, a list of `Missing`."""

    code = "APPROVALS_MISSING"


class NoHost(Conflict):
    """Countries have actions on their soil, and no host of theirs has accepted. Facts: `countries`."""

    code = "NO_HOST"


@dataclass(frozen=True, slots=True)
class Missing:
    """A consent that a plan lacks: whose, and why."""

    country: str
    authority: str
    approval_id: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a plan asks of its hosts, and what they have said.

    Attributes
    ----------
    rows
        All its placed actions.
    authorities
        By country: the codes of those who approve for it, by their ids.
    documents, fingerprints
        By country and authority id: the part as it is now, and its SHA-256.
    approvals
        By country and authority id: what was said of it, or of the part that was last asked for.
    """

    rows: Sequence[PlannedPart]
    authorities: Mapping[str, Mapping[str, str]]
    documents: Mapping[tuple[str, str], str]
    fingerprints: Mapping[tuple[str, str], str]
    approvals: Mapping[tuple[str, str], StoredApproval]

    @property
    def unhosted(self) -> list[str]:
        """Countries with actions on their soil for whom nobody can consent."""
        return unhosted(self.rows, self.authorities)


async def read_consent(tx: Tx, plan: StoredPlan) -> Consent:
    """Read what a plan asks of its hosts as both stand now."""
    rows = await read_part_rows(tx, plan.id)
    authorities = await authorities_of(tx, plan.operation_id)
    documents = part_documents(plan.operation_id, rows, await read_groups(tx, plan.operation_id), authorities)
    approvals = {(each.country, each.authority_id): each for each in await approvals_of(tx, plan.id)}
    fingerprints = {pair: fingerprint(document) for pair, document in documents.items()}
    return Consent(rows, authorities, documents, fingerprints, approvals)


async def missing_of(tx: Tx, consent: Consent, now: str) -> list[Missing]:
    """Tell which consents a plan lacks; every signature is checked anew, with the keys in force `now`."""
    keys = await signing_keys_of(tx, {authority for _, authority in consent.documents}, now)
    missing = [
        Missing(
            country,
            "",
            None,
            say("No host of {country} has accepted, so nobody can approve what happens there.", country=country),
        )
        for country in consent.unhosted
    ]
    for pair in consent.documents:
        (country, authority_id), approval = pair, consent.approvals.get(pair)
        why = _why_not(consent, pair, keys.get(authority_id, {}))
        if why is not None:
            code = consent.authorities[country][authority_id]
            approval_id = None if approval is None else approval.id
            missing.append(
                Missing(
                    country, code, approval_id, say("{code} {why} ({country}).", code=code, why=why, country=country)
                )
            )
    return missing


def _why_not(consent: Consent, pair: tuple[str, str], keys: Mapping[str, PyJWK]) -> Sentence | None:
    approval = consent.approvals.get(pair)
    if approval is None:
        return say("has not been asked")
    match approval.state:
        case ApprovalState.ASKED:
            return say("has not answered")
        case ApprovalState.REFUSED:
            return say("refuses actions of its part")
        case ApprovalState.WITHDRAWN:
            return say("has withdrawn its approval")
    if approval.fingerprint != consent.fingerprints[pair]:
        return say("approved a part that has changed since")
    holds = signature_holds(approval, consent.documents[pair], keys)
    return None if holds else say("signed with a key that is not in force any more")


def signature_holds(approval: StoredApproval, document: str, keys: Mapping[str, PyJWK]) -> bool:
    """Whether the signature that was kept with an approval holds over a document."""
    try:
        check_detached(str(approval.properties.get("signature") or ""), document.encode(), keys)
    except BadSignature:
        return False
    return True


def refuse_unhosted(plan_id: str, countries: Sequence[str]) -> None:
    """Refuse a plan with actions in countries of which no host has accepted.

    Raises
    ------
    NoHost
        With the countries.
    """
    if countries:
        raise NoHost(
            say(
                "Nobody can approve the plan for {countries}: no host of there has accepted.", countries=list(countries)
            ),
            field="planId",
            value=plan_id,
            remedy=say("invite an agency of each as HOST and have it accept, or drop the actions there"),
            countries=list(countries),
        )


def refuse_unapproved(plan_id: str, missing: Sequence[Missing]) -> None:
    """Refuse a plan that lacks consents.

    Raises
    ------
    ApprovalsMissing
        With all that it lacks.
    """
    if missing:
        raise ApprovalsMissing(
            say("The plan is not approved: {reasons}", reasons=first_of(missing, _SHOWN)),
            field="planId",
            value=plan_id,
            remedy=say(
                "wait for their answers; ask again (proposePlan) where a part has changed; leave out "
                "what is refused (requestSchedule with fromPlanId and leaveOutRefused, or "
                "withdrawProposal and editPlan)"
            ),
            missing=list(missing),
        )
