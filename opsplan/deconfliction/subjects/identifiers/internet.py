"""Domains, e-mail addresses and handles."""

import re
from urllib.parse import unquote

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HIDDEN_DOT = re.compile(r"\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*", re.IGNORECASE)
_HIDDEN_AT = re.compile(r"\s*[\[({]\s*(?:@|at)\s*[\])}]\s*", re.IGNORECASE)
_DOTS_MEAN_NOTHING = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
_TAGS_MEAN_NOTHING = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "live.com", "proton.me", "protonmail.com", "fastmail.com", "icloud.com"}
)
_PLATFORMS = {
    "t.me": "telegram", "telegram.me": "telegram", "telegram.dog": "telegram", "telegram": "telegram", "tg": "telegram",
    "facebook.com": "facebook", "fb.com": "facebook", "m.facebook.com": "facebook", "facebook": "facebook",
    "fb": "facebook", "instagram.com": "instagram", "instagram": "instagram", "ig": "instagram",
    "x.com": "x", "twitter.com": "x", "twitter": "x", "x": "x", "tiktok.com": "tiktok", "tiktok": "tiktok",
    "line.me": "line", "line": "line", "wechat": "wechat", "weixin": "wechat", "wx": "wechat", "vk.com": "vk",
    "vk": "vk", "skype": "skype", "discord": "discord", "zalo": "zalo", "zalo.me": "zalo", "viber": "viber",
    "weibo.com": "weibo", "weibo": "weibo", "qq": "qq", "linkedin.com": "linkedin", "linkedin": "linkedin",
    "youtube.com": "youtube", "youtube": "youtube", "signal": "signal", "whatsapp": "whatsapp", "kakao": "kakao",
    "kakaotalk": "kakao", "threema": "threema", "snapchat": "snapchat",
}  # fmt: skip
_PLATFORM = re.compile(r"^([a-z.]+)\s*[:/]\s*(.+)$")
_FOLDERS = frozenset({"in", "user", "c", "add", "ti", "p", "~", "s"})


def domain(value: str, country: str | None = None) -> tuple[str | None, str | None]:  # noqa: ARG001 # of no country
    """Give a domain as the name system has it: small letters, ASCII, without scheme, path, port, ``www.``, final dot.

    >>> domain("HTTPS://www.Beispiel-Bücher.example./shop")[0]
    'xn--beispiel-bcher-psb.example'
    """
    text = _SCHEME.sub("", _HIDDEN_DOT.sub(".", value.strip().replace("hxxp", "http")))
    text = re.split(r"[/?#\s]", text, maxsplit=1)[0].rpartition("@")[2].split(":")[0].strip(".").lower()
    text = text.removeprefix("www.")
    if not text.isascii():
        # The standard library knows IDNA of 2003: it reads ß as ss.
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError:
            return text, None
    return text or None, None


def email(value: str, country: str | None = None) -> tuple[str | None, str | None]:  # noqa: ARG001 # of no country
    """Give an address in small letters; without dots and tags where the provider delivers them to one box.

    >>> email("J.Doe+shop@GoogleMail.com")[0], email("j.doe+shop@example.org")[0]
    ('jdoe@gmail.com', 'j.doe+shop@example.org')
    """
    text = _HIDDEN_AT.sub("@", _HIDDEN_DOT.sub(".", value.strip())).removeprefix("mailto:").strip("<>").lower()
    box, _, host = text.rpartition("@")
    host = domain(host)[0] or ""
    if not box:
        return text or None, None
    if host in _DOTS_MEAN_NOTHING:
        box, host = box.replace(".", ""), _DOTS_MEAN_NOTHING[host]
    if host in _TAGS_MEAN_NOTHING:
        box = box.partition("+")[0]
    return f"{box}@{host}", None


def handle(value: str, country: str | None = None) -> tuple[str | None, str | None]:  # noqa: ARG001 # of no country
    """Give a handle with its platform, and without.

    >>> handle("https://t.me/Gold_Desk"), handle("@gold_desk"), handle("Telegram: @gold_desk")
    (('telegram/gold_desk', 'gold_desk'), (None, 'gold_desk'), ('telegram/gold_desk', 'gold_desk'))
    """
    text = unquote(_SCHEME.sub("", value.strip())).lower().removeprefix("www.").rstrip("/")
    platform = None
    found = _PLATFORM.match(text)
    if found and found.group(1) in _PLATFORMS:
        platform, text = _PLATFORMS[found.group(1)], found.group(2)
    text = re.split(r"[?#]", text, maxsplit=1)[0]
    while "/" in text and text.partition("/")[0] in _FOLDERS:
        text = text.partition("/")[2]
    name = text.strip().lstrip("@~").split("/")[0].strip()
    if not name:
        return None, None
    return (f"{platform}/{name}" if platform else None), name
