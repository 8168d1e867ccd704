"""Whom and what a claim concerns: as its owner names them, and as the targets that it is on are known."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from opsplan.deconfliction.rules.given import WronglyGiven, choice_of, country_of, object_of
from opsplan.deconfliction.subjects import Identifier, Subject, SubjectKind, is_date
from opsplan.deconfliction.subjects.identifiers import forms_of
from opsplan.targets.model import IdentifierScheme, TargetKind
from opsplan.vocabulary.sentences import say

MOST_SUBJECTS: Final = 50
_MOST_EACH: Final = 20
_LONGEST: Final = 300
_MEMBERS: Final = frozenset({"kind", "names", "identifiers", "countries", "born"})
_IDENTIFIER_MEMBERS: Final = frozenset({"scheme", "value", "country"})
_KINDS: Final[Mapping[TargetKind, SubjectKind]] = {
    TargetKind.NETWORK: SubjectKind.ORGANIZATION,
    **{kind: SubjectKind[kind.name] for kind in TargetKind if kind is not TargetKind.NETWORK},
}


def subjects_of(given: str | None, targets: Iterable[Mapping[str, Any]]) -> tuple[Subject, ...]:
    """Give the subjects of a stored claim: those that it names, and its targets as the store gives them."""
    named = () if given is None else read_subjects(json.loads(given))
    return (*named, *(_of_target(each) for each in targets))


def _of_target(row: Mapping[str, Any]) -> Subject:
    return Subject(
        _KINDS[TargetKind(row["kind"])],
        (row["name"], *(row["aliases"] or ())),
        tuple(Identifier(IdentifierScheme(scheme), value) for scheme, value in sorted(row["identifiers"])),
        tuple(sorted(row["countries"])),
    )


def read_subjects(given: Any) -> tuple[Subject, ...]:
    """Read the subjects that a claim names: a list of objects, each with `kind` and `names` or `identifiers`.

    Raises
    ------
    WronglyGiven
        Where one of them is none; it says which, and why.
    """
    if not isinstance(given, list) or len(given) > MOST_SUBJECTS:
        raise WronglyGiven("", say("it is no list of at most {most} subjects", most=MOST_SUBJECTS), _SHAPE)
    return tuple(_read(each, f"[{place}]") for place, each in enumerate(given))


def check_subjects(given: Any) -> None:
    """Hold the subjects that a claim is entered with to being such as others' can be compared with.

    Raises
    ------
    WronglyGiven
        Where one of them is none, a date of birth no date, or an identifier holds nothing to tell it by.
    """
    for place, each in enumerate(read_subjects(given)):
        path = f"[{place}]"
        if each.born is not None and not is_date(each.born):
            raise WronglyGiven(
                f"{path}.born", say("{born!r} is no date", born=each.born), say("give 1984, 1984-02 or 1984-02-17")
            )
        for number, identifier in enumerate(each.identifiers):
            if not forms_of(replace(each, names=(), identifiers=(identifier,))):
                raise WronglyGiven(
                    f"{path}.identifiers[{number}].value",
                    say("{value!r} is nothing to tell a {scheme} by", value=identifier.value, scheme=identifier.scheme),
                    say("give it as it is written, with its country where that counts"),
                )


def _read(given: Any, path: str) -> Subject:
    known = object_of(given, _MEMBERS, path, _SHAPE)
    identifiers = _list(known.get("identifiers"), f"{path}.identifiers")
    subject = Subject(
        choice_of(SubjectKind, known.get("kind"), f"{path}.kind"),
        _texts(known.get("names"), f"{path}.names"),
        tuple(_identifier(each, f"{path}.identifiers[{place}]") for place, each in enumerate(identifiers)),
        tuple(country_of(each, f"{path}.countries") for each in _texts(known.get("countries"), f"{path}.countries")),
        None if known.get("born") is None else _text(known["born"], f"{path}.born"),
    )
    if not subject.names and not subject.identifiers:
        raise WronglyGiven(path, say("it has neither names nor identifiers"), say("give one of them at least"))
    return subject


def _identifier(given: Any, path: str) -> Identifier:
    known = object_of(given, _IDENTIFIER_MEMBERS, path, _SHAPE)
    country = known.get("country")
    return Identifier(
        choice_of(IdentifierScheme, known.get("scheme"), f"{path}.scheme"),
        _text(known.get("value"), f"{path}.value"),
        None if country is None else country_of(country, f"{path}.country"),
    )


def _list(given: Any, path: str) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > _MOST_EACH:
        raise WronglyGiven(path, say("it is no list of at most {most}", most=_MOST_EACH), _SHAPE)
    return given


def _texts(given: Any, path: str) -> tuple[str, ...]:
    return tuple(_text(each, path) for each in _list(given, path))


def _text(given: Any, path: str) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > _LONGEST:
        raise WronglyGiven(path, say("it is no text of 1 to {longest} characters", longest=_LONGEST), _SHAPE)
    return given


_SAMPLE: Final = (
    '[{"kind": "PERSON", "names": ["Sokha Marrow"], "identifiers": [{"scheme": "PHONE", "value": "+85510000001"}], '
    '"countries": ["KH"], "born": "1984-02"}]'
)
_SHAPE: Final = say("give subjects such as {sample}", sample=_SAMPLE)
