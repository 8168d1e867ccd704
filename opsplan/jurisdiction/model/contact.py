"""Whom to call at an agency: posts, never persons, with their rota, as nouns; and who is on duty, read from both."""

from enum import StrEnum

from opsplan.jurisdiction.model.checks import starts_before_it_ends
from opsplan.records.declaration import Authority, Derived, Direction, Kind, Noun, Property, Relation


class Weekday(StrEnum):
    """Days of the week; their order is that of ISO 8601."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


class DutyStanding(StrEnum):
    """Why a post is named as one to call."""

    ON_DUTY = "ON_DUTY"
    DEPUTY = "DEPUTY"
    OFF_ROTA = "OFF_ROTA"


ON_DUTY_EDGE = (Property("standing", Kind.CHOICE, "Why it is named.", choices=DutyStanding),)
"""What an edge between an agency and a post on duty tells."""

# The weekday is counted from a Monday; a shift that ends no later than it begins goes on into the next day.
_ON_DUTY = """
    MATCH ({node})<-[:CONTACT_OF]-(post:ContactPoint) WHERE {known} AND NOT post:Retired
    WITH {node}, post, datetime({datetime: datetime($at), timezone: post.time_zone}) AS there
    WITH {node}, post, substring(toString(localtime(there)), 0, 5) AS clock,
         toInteger(replace(replace(toString(duration.inDays(date('1970-01-05'), date(there))), 'P', ''), 'D', '')) % 7
           AS place
    WITH {node}, post, clock, $weekdays[place] AS today, $weekdays[(place + 6) % 7] AS yesterday
    WITH {node}, post, EXISTS {
      MATCH (post)<-[:SHIFT_OF]-(shift:DutyShift)
      WHERE {known} AND NOT shift:Retired
        AND coalesce(shift.start, '') <= $at AND coalesce(shift.end, '9999') > $at
        AND CASE WHEN shift.from_local < shift.until_local
              THEN shift.from_local <= clock AND clock < shift.until_local AND today IN coalesce(shift.days, [today])
              ELSE (shift.from_local <= clock AND today IN coalesce(shift.days, [today]))
                OR (clock < shift.until_local AND yesterday IN coalesce(shift.days, [yesterday]))
            END
    } AS there
    WITH {node}, collect(post) AS posts, collect(CASE WHEN there THEN post END) AS on_duty
    UNWIND posts AS post
    OPTIONAL MATCH (post)<-[:DEPUTY_IS]-(chief:ContactPoint) WHERE {known} AND chief IN on_duty
    WITH {node}, post, post IN on_duty AS present, size(on_duty) AS present_count, count(chief) AS chiefs
    WHERE present OR chiefs > 0 OR present_count = 0
    WITH {node}, post AS {other}, {
      standing: CASE WHEN present THEN 'ON_DUTY' WHEN chiefs > 0 THEN 'DEPUTY' ELSE 'OFF_ROTA' END
    } AS {edge}
    """


_ON_DUTY = _ON_DUTY.replace("$weekdays", f"split('{' '.join(day.name for day in Weekday)}', ' ')")


def on_duty_posts(agency: str, at: str) -> str:
    """Give the same as a piece of another statement: from the node `agency` and the expression `at` it binds `post`
    and `facts`, whose `standing` says why the post is named. It is for a subquery that is given both.
    """
    tokens = {"{node}": agency, "{other}": "post", "{edge}": "facts", "{known}": "true", "$at": at}
    text = _ON_DUTY
    for token, name in tokens.items():
        text = text.replace(token, name)
    return text


def on_duty() -> Derived:
    """Give the list of whom to call at an agency at an instant, with why each is named."""
    return Derived(
        "on_duty",
        _ON_DUTY,
        "Whom to call at an instant (now, when none is given): the posts on duty by their local clocks, and their "
        "deputies; all posts, when none is on duty, so that it is never empty for an agency that has any. Ask for "
        "`orderBy: [CALL_ORDER_ASC]` to call them in order.",
        target="ContactPoint",
        edge=ON_DUTY_EDGE,
        parameters={"at": Kind.INSTANT},
    )


CONTACT_POINT = Noun(
    "ContactPoint",
    "ContactPoints",
    "A post of an agency that can be called (never a person), with its channels, languages and rota.",
    owner="jurisdiction",
    properties=(
        Property(
            "post",
            Kind.TEXT,
            "Name of the post.",
            required=True,
            max_length=200,
            sorted_by=True,
            example="EXERCISE Duty desk",
        ),
        Property("phone", Kind.TEXT, "Number of the post.", max_length=40, example="+99912345678"),
        Property(
            "secure_channel",
            Kind.TEXT,
            "Name of the post in a secure channel, such as I-24/7 or SIENA.",
            max_length=200,
            example="I-24/7 EXERCISE KH",
        ),
        Property("languages", Kind.LANGUAGES, "Languages spoken there (ISO 639).", max_length=50, example=["km", "en"]),
        Property("time_zone", Kind.TEXT, "The IANA time zone of its rota.", required=True, example="Asia/Phnom_Penh"),
        Property(
            "call_order",
            Kind.INTEGER,
            "Of several posts on duty, the one with the least is called first.",
            minimum=1,
            maximum=100,
            default=1,
            sorted_by=True,
        ),
    ),
    relations=(
        Relation(
            "agency",
            "CONTACT_OF",
            "Agency",
            "Whose post it is.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
            example="KH-NCB",
        ),
        Relation(
            "deputy",
            "DEPUTY_IS",
            "ContactPoint",
            "The post that is called when this one does not answer.",
            authority=Authority.OWNER,
        ),
        Relation(
            "deputy_of",
            "DEPUTY_IS",
            "ContactPoint",
            "Posts whose deputy it is.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("shifts", "SHIFT_OF", "DutyShift", "Its rota.", Direction.IN, many=True, entered=False),
    ),
)

DUTY_SHIFT = Noun(
    "DutyShift",
    "DutyShifts",
    "Hours, in the local time of a contact point, in which it is on duty.",
    owner="jurisdiction",
    properties=(
        Property(
            "days",
            Kind.CHOICE_LIST,
            "On which days it begins; on all, when none is given.",
            choices=Weekday,
            example=["MONDAY", "TUESDAY"],
        ),
        Property("from_local", Kind.LOCAL_TIME, "Local time at which it begins.", required=True, example="08:00"),
        Property(
            "until_local",
            Kind.LOCAL_TIME,
            "Local time at which it ends, exclusive; on the next day when it is not later than the beginning.",
            required=True,
            example="20:00",
        ),
        Property("start", Kind.INSTANT, "From when it is on the rota.", example="2026-11-01T00:00:00Z"),
        Property("end", Kind.INSTANT, "Until when, exclusive; open when none.", example="2027-01-01T00:00:00Z"),
    ),
    relations=(
        Relation(
            "contact_point",
            "SHIFT_OF",
            "ContactPoint",
            "Of which post.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)
