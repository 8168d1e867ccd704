"""Sentences: said in English, told by a catalogue, kept as JSON, and their parts given as typed facts."""

import copy
import pickle
from datetime import UTC, datetime
from enum import StrEnum

import orjson
from hypothesis import given
from hypothesis import strategies as st

from opsplan.calls.facts import facts_as_json, facts_of
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.sentences import Sentence, revived, say

_NAMES = ("one", "two", "three")
_VALUES = st.one_of(st.integers(), st.booleans(), st.text(), st.lists(st.text(max_size=5), max_size=4))
_LITERALS = st.text(st.characters(blacklist_characters="{}", codec="utf-8"), max_size=12)


@st.composite
def sentences(draw: st.DrawFn, depth: int = 2) -> Sentence:
    """Draw a sentence with parts, some of them sentences."""
    parts = {}
    pattern = draw(_LITERALS)
    for name in draw(st.lists(st.sampled_from(_NAMES), unique=True)):
        parts[name] = draw(st.one_of(_VALUES, sentences(depth - 1)) if depth else _VALUES)
        pattern += f"{{{name}{draw(st.sampled_from(('', '!r')))}}}" + draw(_LITERALS)
    return say(pattern, **parts)


class _Colour(StrEnum):
    RED = "RED"


@given(sentences())
def test_told_by_no_catalogue_it_is_what_it_is(sentence: Sentence):
    """English is what the sentence itself is, for whoever takes it for text."""
    assert sentence.told(lambda pattern: pattern) == sentence
    assert orjson.loads(orjson.dumps(str(sentence).encode("utf-8", "replace").decode())) is not None


@given(sentences())
def test_it_is_the_same_after_a_way_through_json_or_a_copy(sentence: Sentence):
    """A refusal that is kept for a repeated call says the same again, with the same facts."""
    kept = revived(orjson.loads(orjson.dumps(sentence.kept())) if _is_utf8(sentence) else sentence.kept())
    assert kept == sentence
    for again in (pickle.loads(pickle.dumps(sentence)), copy.deepcopy(sentence)):
        assert again == sentence
        assert list(again.facts) == list(sentence.facts)


def _is_utf8(sentence: Sentence) -> bool:
    try:
        orjson.dumps(sentence.kept())
    except (TypeError, orjson.JSONEncodeError):
        return False
    return True


def test_a_translation_may_put_the_parts_elsewhere():
    """Sentences within it are told too, and lists have the translation's own word before the last member."""
    inner = say("give one of {choices}", choices=["A", "B"])
    outer = say("{field}: did you mean {near:or}? {remedy}", field="input.kind", near=["A", "C"], remedy=inner)
    french = {
        outer.pattern: "{remedy} ({field} : vouliez-vous dire {near:ou} ?)",
        inner.pattern: "donnez l'un de {choices}",
    }
    told = outer.told(lambda pattern: french.get(pattern, pattern))
    assert told == "donnez l'un de A, B (input.kind : vouliez-vous dire A ou C ?)"


def test_a_translation_that_cannot_be_filled_in_is_none():
    """Whoever asks for a place that is not there gets English rather than a fault."""
    sentence = say("There is no plan {plan_id}.", plan_id="plan_1")
    for broken in ("{nothing}", "{plan_id", "{plan_id.__class__}", "{0}", "{plan_id:d}"):
        assert sentence.told(lambda _, broken=broken: broken) == "There is no plan plan_1."


def test_a_value_is_shown_short_and_on_one_line():
    """What a caller gave does not break a line or flood a log."""
    assert say("{value!r} is none", value="a\nb") == r"'a\nb' is none"
    assert len(say("{value!r}", value="x" * 10_000)) < 100


def test_parts_are_typed_facts():
    """Numbers are numbers, ids ids, instants instants; the place that is wrong is no fact beside `field`."""
    at = instant_text(datetime(2026, 12, 1, tzinfo=UTC))
    plan = "plan_01jar9d3v8k2m4n6p7q9r1s3t5"
    sentence = say(
        "{field}: {plan_id} has {count:,} {colour} since {at}: {why}, {known:or}; {is_late}",
        field="input.planId",
        plan_id=plan,
        count=1_500_000,
        colour=_Colour.RED,
        at=at,
        why=say("more than {most_rows}", most_rows=3),
        known=["A", "B"],
        is_late=True,
    )
    told = [(each.name, each.text, each.number, each.flag, each.record_id, each.instant) for each in facts_of(sentence)]
    assert told == [
        ("planId", plan, None, None, plan, None),
        ("count", "1500000", 1_500_000.0, None, None, None),
        ("colour", "RED", None, None, None, None),
        ("at", at, None, None, None, at),
        ("mostRows", "3", 3.0, None, None, None),
        ("known", "A", None, None, None, None),
        ("known", "B", None, None, None, None),
        ("isLate", "true", None, True, None, None),
    ]
    assert facts_as_json(sentence) == {
        "planId": plan,
        "count": 1_500_000,
        "colour": "RED",
        "at": at,
        "mostRows": 3,
        "known": ["A", "B"],
        "isLate": True,
    }


def test_a_place_is_renamed_and_nothing_else():
    """A problem is told under the name that the caller used, in the sentence as well."""
    sentence = say("{problem} (and {count} more)", problem=say("{field}: {what}", field="phone", what="none"), count=2)
    assert sentence.placed_at("phone", "input.phone") == "input.phone: none (and 2 more)"
    assert sentence.placed_at("phone", "input.phone").pattern == sentence.pattern
    assert say("aliases: too many").placed_at("aliases", "input.aliases") == "input.aliases: too many"
    # What is in place already keeps its pattern, and so its translation; a remedy that names the field is left alone.
    assert sentence.placed_at("phone", "phone") is sentence
    remedy = say("{field}: {what}", field="phone", what=say("give a phone or a radio"))
    assert remedy.placed_at("phone", "input.phone") == "input.phone: give a phone or a radio"
    assert say("the {kind} phone", kind="phone").placed_at("phone", "input.phone") == "the phone phone"
