"""Labelled pairs of phones, wallets, accounts, domains, handles, plates and documents."""

import random

from stdnum import iban

from opsplan.deconfliction.subjects import Identifier, Subject, SubjectKind
from opsplan.targets.model import IdentifierScheme
from tests.opsplan.deconfliction.subjects.labelled.pair import Pair

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def number_pairs(chance: random.Random, count: int) -> list[Pair]:
    """Make as many pairs that are one, and as many that differ in a digit or a letter."""
    makers = (_phones, _wallets, _accounts, _domains, _handles, _plates, _documents)
    return [pair for _ in range(count) for pair in chance.choice(makers)(chance)]


def _pairs(kind: SubjectKind, title: str, one: Subject, same: Subject, other: Subject) -> list[Pair]:
    return [
        Pair(True, one, same, "numbers", f"{kind.value}: {title}"),
        Pair(False, one, other, "numbers", f"{kind.value}: a digit or letter differs"),
    ]


def _thing(kind: SubjectKind, scheme: IdentifierScheme, value: str, country: str | None = None) -> Subject:
    return Subject(kind, (), (Identifier(scheme, value, country),))


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _with_one_changed(text: str, chance: random.Random, alphabet: str, start: int = 0) -> str:
    place = chance.choice([place for place in range(start, len(text)) if text[place] in alphabet])
    return text[:place] + chance.choice(alphabet.replace(text[place], "")) + text[place + 1 :]


def _phones(chance: random.Random) -> list[Pair]:
    country, code, national = chance.choice(
        [
            ("KH", "855", "12" + _digits(chance, 6)),
            ("TH", "66", "81" + _digits(chance, 7)),
            ("GB", "44", "7911" + _digits(chance, 6)),
            ("CN", "86", "138" + _digits(chance, 8)),
        ]
    )
    trunk = "" if country == "CN" else "0"
    spellings = [
        (f"+{code}{national}", None),
        (f"00{code} {national[:3]} {national[3:]}", None),
        (f"{trunk}{national[:3]}-{national[3:]}", country),
        (f"+{code} ({trunk or ''}){national[:2]} {national[2:]}".replace("()", ""), None),
    ]
    one, same = chance.sample(spellings, 2)
    wrong = _with_one_changed(national, chance, "0123456789", 4)
    kind, scheme = SubjectKind.PHONE, IdentifierScheme.PHONE
    return _pairs(
        kind, "with and without code", _thing(kind, scheme, *one), _thing(kind, scheme, *same),
        _thing(kind, scheme, f"+{code}{wrong}"),
    )  # fmt: skip


def _wallets(chance: random.Random) -> list[Pair]:
    kind, scheme = SubjectKind.WALLET, IdentifierScheme.WALLET
    form = chance.randrange(4)
    if form == 0:
        text = "0x" + "".join(chance.choice("0123456789abcdef") for _ in range(40))
        same = "0x" + "".join(chance.choice((letter, letter.upper())) for letter in text[2:])
        other = _with_one_changed(text, chance, "0123456789abcdef", 2)
    elif form == 1:
        text = "bc1q" + "".join(chance.choice(_BECH32) for _ in range(38))
        same = text.upper()
        other = _with_one_changed(text, chance, _BECH32, 4)
    elif form == 2:
        text = "1" + "".join(chance.choice(_BASE58) for _ in range(33))
        same = f"bitcoin:{text}"
        other = text.swapcase()
    else:
        text = "T" + "".join(chance.choice(_BASE58) for _ in range(33))
        same = f" {text} "
        other = _with_one_changed(text, chance, _BASE58, 1)
    return _pairs(kind, "other case", *(_thing(kind, scheme, value) for value in (text, same, other)))


def _accounts(chance: random.Random) -> list[Pair]:
    kind = SubjectKind.ACCOUNT
    numbers = [_digits(chance, 18), _digits(chance, 18)]
    # Modulo 97 the check digits of an IBAN follow from the rest.
    full = [_german(number) for number in numbers]
    return _pairs(
        kind,
        "spaces",
        _thing(kind, IdentifierScheme.IBAN, full[0]),
        _thing(kind, chance.choice((IdentifierScheme.IBAN, IdentifierScheme.ACCOUNT)), iban.format(full[0]).lower()),
        _thing(kind, IdentifierScheme.IBAN, full[1]),
    )


def _german(number: str) -> str:
    check = 98 - int(number + "131400") % 97
    return f"DE{check:02}{number}"


_WORDS = ("silver", "quick", "lotus", "bright", "coin", "harbour", "desk", "prime", "trade", "river", "bücher", "münz")


def _domains(chance: random.Random) -> list[Pair]:
    kind, scheme = SubjectKind.DOMAIN, IdentifierScheme.DOMAIN
    name = "-".join(chance.sample(_WORDS, 3))
    same = chance.choice(
        (f"https://www.{name}.example/login", f"{name.upper()}.EXAMPLE.", f"hxxp://{name}[.]example",
         f"{name}.example".encode("idna").decode())
    )  # fmt: skip
    other = chance.choice((f"{name}.test", f"{name}s.example", f"my{name}.example"))
    return _pairs(kind, "as a link", *(_thing(kind, scheme, value) for value in (f"{name}.example", same, other)))


def _handles(chance: random.Random) -> list[Pair]:
    kind, scheme = SubjectKind.HANDLE, IdentifierScheme.HANDLE
    name = "_".join(chance.sample(_WORDS[:10], 2)) + _digits(chance, 2)
    same = chance.choice((f"@{name.upper()}", f"https://t.me/{name}", f"Telegram: @{name}"))
    other = chance.choice((f"https://t.me/{name}0", f"@{name[:-1]}", f"facebook.com/{name}"))
    return _pairs(kind, "as a link", *(_thing(kind, scheme, value) for value in (f"t.me/{name}", same, other)))


def _plates(chance: random.Random) -> list[Pair]:
    kind, scheme = SubjectKind.VEHICLE, IdentifierScheme.PLATE
    letters, digits = "".join(chance.choice("ABEKMHCTX") for _ in range(2)), _digits(chance, 4)
    cyrillic = letters.translate(str.maketrans("ABEKMHCTX", "АВЕКМНСТХ"))
    same = chance.choice((f"{letters} {digits}", f"{cyrillic}{digits}", f"{letters.lower()}-{digits}"))
    other = letters + _with_one_changed(digits, chance, "0123456789")
    return _pairs(kind, "spaces", *(_thing(kind, scheme, text, "KH") for text in (f"{letters}{digits}", same, other)))


def _documents(chance: random.Random) -> list[Pair]:
    number = chance.choice("KNE") + _digits(chance, 7)

    def holder(text: str, country: str | None) -> Subject:
        passport = Identifier(IdentifierScheme.PASSPORT, text, country)
        return Subject(
            SubjectKind.PERSON, (chance.choice(("Alpha Bravo", "Charlie Delta", "Echo Foxtrot")),), (passport,)
        )

    one = holder(number, "VN")
    same = holder(f"{number[0].lower()} {number[1:4]} {number[4:]}", chance.choice(("VN", None)))
    kind = chance.random() < 0.5
    other = Subject(
        SubjectKind.PERSON,
        ("Golf Hotel",),
        (Identifier(IdentifierScheme.PASSPORT, number if kind else _with_one_changed(number, chance, "0123456789", 1),
                    "PH" if kind else "VN"),),
    )  # fmt: skip
    return _pairs(SubjectKind.PERSON, "a passport", one, same, other)
