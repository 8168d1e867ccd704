"""Separation rules, and the claims that a change of one asks to be judged anew."""

from opsplan.deconfliction.store.claims import FACTS
from opsplan.graph.query import Mode, Query

_WHY_SCAN = "There are at most as many as pairs of kinds."

RULES_IN_FORCE = Query(
    "deconfliction.rules_in_force",
    Mode.READ,
    """
    MATCH (rule:SeparationRule) WHERE rule.retired_at IS NULL
    RETURN rule.id AS id, rule.first AS first, rule.second AS second, rule.version AS version,
           rule.distance_m AS distance_m, rule.buffer_minutes AS buffer_minutes, rule.severity AS severity
    """,
    why_scan=_WHY_SCAN,
)
RULES = Query(
    "deconfliction.rules",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (rule:Record {id: id}) WHERE rule:SeparationRule
    RETURN properties(rule) AS properties
    """,
)
# The count of a label is kept by the database; claims of some kinds are counted up to a number.
COUNT_CLAIMS = Query("deconfliction.count_claims", Mode.READ, "MATCH (c:Claim) RETURN count(c) AS count")
CLAIMS_OF_KINDS = Query(
    "deconfliction.claims_of_kinds",
    Mode.READ,
    f"""
    MATCH (c:Claim) WHERE c.kind IN $kinds AND c.retired_at IS NULL
    RETURN {FACTS} LIMIT $most
    """,
)
HIDDEN_CLAIMS = Query(
    "deconfliction.hidden_claims",
    Mode.READ,
    f"""
    MATCH (c:Claim) WHERE c.sensitivity <> 'OPEN' AND c.retired_at IS NULL AND NOT c.kind IN $kinds
    RETURN {FACTS}
    """,
    why_scan="It is asked where there are few claims; else they are read in batches.",
)
# In the order of ids, which one index gives: wherever a batch ends, the next begins.
NEXT_CLAIMS = Query(
    "deconfliction.next_claims",
    Mode.READ,
    """
    MATCH (c:Record) USING INDEX c:Record(id) WHERE c.id > $after AND c.id < 'claim`'
    WITH c ORDER BY c.id
    WHERE c:Claim AND c.retired_at IS NULL AND (c.kind IN $kinds OR ($with_hidden AND c.sensitivity <> 'OPEN'))
    RETURN c.id AS id LIMIT $most
    """,
)
STANDING_CLAIMS = Query(
    "deconfliction.standing_claims",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (c:Record {{id: id}}) WHERE c:Claim AND c.retired_at IS NULL
    RETURN {FACTS}
    """,
)
# Written by who holds the commit sequence, so that there is one of a pair.
KEEP_REVIEW = Query(
    "deconfliction.keep_review",
    Mode.WRITE,
    """
    MERGE (review:SeparationReview {pair: $pair})
    SET review.kinds = $kinds, review.after = '', review.begun_at = $now,
        review.with_hidden = coalesce(review.with_hidden, false) OR $with_hidden
    """,
    why_scan=_WHY_SCAN,
)
REVIEWS = Query(
    "deconfliction.reviews",
    Mode.READ,
    """
    MATCH (review:SeparationReview)
    RETURN review.pair AS pair, review.kinds AS kinds, review.after AS after, review.with_hidden AS with_hidden,
           review.begun_at AS begun_at
    ORDER BY review.begun_at, pair
    """,
    why_scan=_WHY_SCAN,
)
MOVE_REVIEW = Query(
    "deconfliction.move_review",
    Mode.WRITE,
    "MATCH (review:SeparationReview {pair: $pair}) SET review.after = $after",
    why_scan=_WHY_SCAN,
)
END_REVIEW = Query(
    "deconfliction.end_review",
    Mode.WRITE,
    "MATCH (review:SeparationReview {pair: $pair}) DELETE review",
    why_scan=_WHY_SCAN,
)
