"""`inviteParticipant`: a coordinator asks another agency to take part in an operation."""

from collections.abc import Iterator, Mapping
from typing import Any

from opsplan.access.rules import Verb
from opsplan.calls.context import Context
from opsplan.operations.model import PARTICIPANT
from opsplan.operations.service import invite
from opsplan.records.check import check_row
from opsplan.records.problem import invalid
from opsplan.records.writing import Writing
from opsplan.web.mutations.carrying import carry_out
from opsplan.web.mutations.fields import Mutation
from opsplan.web.mutations.inputs import input_type, members_of, placed, row_of

_ASKED = ("operation", "agency", "role", "reply_by")


def invitation_mutations(payloads: Mapping[str, Any]) -> Iterator[Mutation]:
    """Give the mutation that invites an agency."""
    members = tuple(each for each in members_of(PARTICIPANT, changing=False) if each.column in _ASKED)

    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        async def work(writing: Writing) -> str:
            row, problems = check_row(PARTICIPANT, row_of(members, arguments["input"]), path="input")
            if problems:
                raise invalid(problems)
            return await invite(writing, row)

        return await carry_out(
            context,
            field,
            arguments,
            work,
            noun=PARTICIPANT,
            verb=Verb.SCHEDULE,
            rename=lambda problem: placed(members, problem),
        )

    yield Mutation(
        "inviteParticipant",
        "Invite an agency to an operation that your agency coordinates. It is INVITED until it replies by "
        "`transitionParticipant`; only what accepted participants offer is scheduled.",
        input_type("InviteParticipantInput", "Which agency, to which operation, as what.", members),
        payloads[PARTICIPANT.name],
        carry,
    )
