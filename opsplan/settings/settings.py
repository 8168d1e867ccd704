"""Every setting of the service: its variable, unit, default and meaning, in one frozen value.

`Settings.from_env` reads a mapping (the process environment, or a test's own); nothing else reads the environment.
Only `opsplan.main` and `opsplan.cli` name this module: rooms take plain values. `deploy/env.example` is written by
`env_example` and compared with it in a test.
"""

import dataclasses
import difflib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import platformdirs

from opsplan.settings.values import (
    at_least,
    divisor,
    folder,
    is_loopback,
    keys_url,
    networks,
    number,
    one_of,
    ports,
    switch,
    url,
    whole,
    words,
)
from opsplan.vocabulary.errors import SetupError, sentence_end
from opsplan.vocabulary.sentences import Sentence, say

PREFIX = "OPSPLAN_"
"""What every variable begins with; an unknown one with this prefix is refused, as it is a slip of the pen."""

_OURS_BUT_NO_SETTING = frozenset({"OPSPLAN_TEST_LONG"})
"""Variables with our prefix that tests and make targets use among themselves."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What is known of one setting beyond its value.

    `shown_default` is what the default means, where the plain value does not say it.
    """

    field: str
    name: str
    description: str
    unit: str | None
    default: Any
    shown_default: str
    secret: bool


def _setting(
    name: str,
    default: Any,
    read: Callable[[str], Any],
    description: str,
    *,
    unit: str | None = None,
    shown_default: str | None = None,
    secret: bool = False,
) -> Any:
    metadata = {
        "name": PREFIX + name,
        "read": read,
        "description": description,
        "unit": unit,
        "shown_default": shown_default,
        "secret": secret,
    }
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=metadata, repr=not secret)
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one opsplan process runs. Every field is a variable; see `variables`."""

    neo4j_uri: str | None = _setting(
        "NEO4J_URI",
        None,
        url("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"),
        "The Neo4j server. When unset, a local one is fetched, started and stopped by opsplan itself.",
        shown_default="a local server",
    )
    neo4j_user: str = _setting("NEO4J_USER", "neo4j", str, "The user at that server.")
    neo4j_password: str | None = _setting("NEO4J_PASSWORD", None, str, "That user's password.", secret=True)
    neo4j_database: str = _setting("NEO4J_DATABASE", "neo4j", str, "The database; Neo4j Community has only neo4j.")
    neo4j_connections: int = _setting(
        "NEO4J_CONNECTIONS",
        100,
        whole(2, 10_000),
        "Most connections held to the server by changes, and as many again by reads and by all else.",
        unit="connections",
    )
    neo4j_urgent_connections: int | None = _setting(
        "NEO4J_URGENT_CONNECTIONS",
        None,
        whole(1, 10_000),
        "How many of them are kept free for urgent changes and for the service itself.",
        unit="connections",
        shown_default="a tenth of them, one at least",
    )
    neo4j_heap_mb: int = _setting(
        "NEO4J_HEAP_MB", 2048, whole(256, 65_536), "Heap of the local server.", unit="megabytes"
    )
    data_dir: Path = _setting(  # noqa: RUF009 - it gives a dataclass field
        "DATA_DIR",
        lambda: platformdirs.user_data_path("opsplan", appauthor=False),
        folder,
        "Where the local graph, its password and the local issuer's key are kept.",
        shown_default="the user's data folder",
    )
    cache_dir: Path = _setting(  # noqa: RUF009 - it gives a dataclass field
        "CACHE_DIR",
        lambda: platformdirs.user_cache_path("opsplan", appauthor=False),
        folder,
        "Where the local server's jars are kept; may be shared by many data folders.",
        shown_default="the user's cache folder",
    )
    host: str = _setting("HOST", "127.0.0.1", str, "The address that the API listens on.")
    port: int = _setting("PORT", 8000, whole(0, 65_535), "The API's port; 0 takes a free one.")
    metrics_port: int | None = _setting(
        "METRICS_PORT",
        None,
        whole(1, 65_535),
        "The port of Prometheus metrics, always on loopback.",
        shown_default="no metrics are served",
    )
    token_issuer: str | None = _setting(
        "TOKEN_ISSUER",
        None,
        str,
        "The `iss` of tokens of an outside issuer; turns the local issuer off.",
        shown_default="the local issuer",
    )
    token_jwks_url: str | None = _setting(
        "TOKEN_JWKS_URL",
        None,
        keys_url,
        "Where that issuer publishes its keys (JWKS).",
        shown_default="the local issuer's",
    )
    token_audience: str = _setting("TOKEN_AUDIENCE", "opsplan", str, "The `aud` that a token must carry.")
    token_algorithms: tuple[str, ...] = _setting(
        "TOKEN_ALGORITHMS",
        ("RS256", "ES256", "EdDSA"),
        words("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"),
        "Signature algorithms that are accepted, with commas between; symmetric ones never are.",
    )
    token_clock_skew_seconds: int = _setting(
        "TOKEN_CLOCK_SKEW_SECONDS",
        30,
        whole(0, 300),
        "How far the issuer's clock may be from this machine's.",
        unit="seconds",
    )
    token_keys_refresh_seconds: int = _setting(
        "TOKEN_KEYS_REFRESH_SECONDS",
        300,
        whole(1, 86_400),
        "After how long the issuer's keys are fetched again.",
        unit="seconds",
    )
    local_issuer: str = _setting(
        "LOCAL_ISSUER",
        "auto",
        one_of("auto", "on"),
        "Whether tokens of the local issuer are accepted: `auto` on loopback without an outside issuer; "
        "`on` also beyond loopback.",
    )
    body_bytes: int = _setting(
        "BODY_BYTES", 8_000_000, whole(1_000, 100_000_000), "Largest body of a request.", unit="bytes"
    )
    request_seconds: float = _setting(
        "REQUEST_SECONDS", 30.0, number(0.1, 3_600.0), "Longest time that a request may take.", unit="seconds"
    )
    query_depth: int = _setting("QUERY_DEPTH", 30, whole(5, 100), "Deepest nesting of a query.", unit="levels")
    query_aliases: int = _setting("QUERY_ALIASES", 50, whole(0, 10_000), "Most aliases in one query.", unit="aliases")
    query_tokens: int = _setting(
        "QUERY_TOKENS", 5_000, whole(100, 1_000_000), "Most lexical tokens in one query.", unit="tokens"
    )
    trusted_documents: Path | None = _setting(  # noqa: RUF009 - it gives a dataclass field
        "TRUSTED_DOCUMENTS",
        None,
        folder,
        "Documents that clients may name by id: a manifest (JSON), or a folder of manifests and .graphql files. Read "
        "at the start, which stops at a document that does not fit; see `opsplan documents check`.",
        shown_default="none is trusted",
    )
    only_trusted_documents: bool = _setting(
        "ONLY_TRUSTED_DOCUMENTS",
        False,
        switch,
        "Whether all other documents are refused before they are parsed, `on` or `off`; turns the explorer page off.",
        shown_default="off",
    )
    translations: Path | None = _setting(  # noqa: RUF009 - it gives a dataclass field
        "TRANSLATIONS",
        None,
        folder,
        "Folder with further languages of refusals and errors, each as LANGUAGE/LC_MESSAGES/opsplan.po; see "
        "docs/languages.md. Read at the start, which stops at one that does not fit.",
        shown_default="those that opsplan comes with",
    )
    cost_per_minute: int = _setting(
        "COST_PER_MINUTE",
        10_000_000,
        whole(1, 10**15),
        "What the operations of one agency may cost within any minute, in each process; docs/reading.md says what "
        "costs how much.",
    )
    urgent_cost_per_minute: int = _setting(
        "URGENT_COST_PER_MINUTE", 1_000_000, whole(1, 10**15), "The same for urgent changes, which do not count there."
    )
    operations_at_once: int = _setting(
        "OPERATIONS_AT_ONCE",
        20,
        whole(1, 10_000),
        "How many queries and changes of one agency may be under way at once, in each process.",
        unit="operations",
    )
    urgent_operations_at_once: int = _setting(
        "URGENT_OPERATIONS_AT_ONCE",
        10,
        whole(1, 10_000),
        "The same for urgent changes, which do not count there.",
        unit="operations",
    )
    place_seconds: float = _setting(
        "PLACE_SECONDS",
        2.0,
        number(0.0, 60.0),
        "How long an operation beyond that waits until one of its agency's has ended, before it is refused.",
        unit="seconds",
    )
    sockets: int = _setting("SOCKETS", 1_000, whole(0, 100_000), "Most open WebSockets.", unit="sockets")
    shutdown_seconds: int = _setting(
        "SHUTDOWN_SECONDS",
        30,
        whole(1, 600),
        "How long requests under way may go on when the service stops.",
        unit="seconds",
    )
    solver_workers: int = _setting(
        "SOLVER_WORKERS",
        lambda: os.cpu_count() or 1,
        whole(1, 256),
        "Search threads of one schedule run.",
        unit="threads",
        shown_default="as many as the machine has processors",
    )
    solver_runs: int = _setting(
        "SOLVER_RUNS",
        1,
        whole(0, 64),
        "Schedule runs executed at once by this process; 0 leaves them to other processes.",
        unit="runs",
    )
    cursor_key: str | None = _setting(
        "CURSOR_KEY",
        None,
        lambda text: at_least(text, 32),
        "Secret that authenticates page cursors, 32 characters or more; must be the same for all processes of one "
        "service.",
        shown_default="made on first use and kept in the data folder",
        secret=True,
    )
    webhook_sends: int = _setting(
        "WEBHOOK_SENDS",
        32,
        whole(0, 1_000),
        "Requests to agencies' webhooks under way at once in this process, and as many again that are slow; 0 leaves "
        "telling them to other processes.",
        unit="requests",
    )
    webhook_seconds: float = _setting(
        "WEBHOOK_SECONDS",
        15.0,
        number(0.1, 60.0),
        "Longest time that such a request may take, from the look-up of the name to the last byte.",
        unit="seconds",
    )
    webhook_ports: tuple[int, ...] = _setting(
        "WEBHOOK_PORTS", (443,), ports, "Ports that webhooks may have, with commas between."
    )
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = _setting(
        "WEBHOOK_NETWORKS",
        (),
        networks,
        "Networks that webhooks may be in beside the public internet, with commas between; none, when empty. Whoever "
        "may register a webhook can have requests sent to all that is there.",
    )
    webhook_ca_file: Path | None = _setting(  # noqa: RUF009 - it gives a dataclass field
        "WEBHOOK_CA_FILE",
        None,
        folder,
        "Certificate authorities (PEM) that are trusted for webhooks beside the machine's own.",
        shown_default="the machine's alone",
    )
    webhook_disable_hours: float = _setting(
        "WEBHOOK_DISABLE_HOURS",
        72.0,
        number(0.0, 8_760.0),
        "After how long a webhook that takes nothing is disabled.",
        unit="hours",
    )
    webhook_kept_days: float = _setting(
        "WEBHOOK_KEPT_DAYS",
        30.0,
        number(0.0, 3_650.0),
        "For how long it is kept what was sent to webhooks, once it is over.",
        unit="days",
    )
    webhook_key: str | None = _setting(
        "WEBHOOK_KEY",
        None,
        lambda text: at_least(text, 32),
        "Secret that the secrets of webhooks are sealed with in the graph, 32 characters or more; must be the same for "
        "all processes of one service. With another one, all webhooks have to be given new secrets.",
        shown_default="made on first use and kept in the data folder",
        secret=True,
    )
    hiding_resolution: int | None = _setting(
        "HIDING_RESOLUTION",
        None,
        whole(2, 8),
        "Resolution of the H3 cells by which hidden claims and zones are compared: the finest that others can ever "
        "find out of them. A cell of 5 is some 17 km across, one of 4 some 45 km. Another one than the graph has makes "
        "all that is hidden be entered and judged anew at the start.",
        shown_default="what the graph has: 5 in a new one",
    )
    hiding_hours: int | None = _setting(
        "HIDING_HOURS",
        None,
        divisor(24),
        "Length of the spells of time, counted from midnight UTC, by which they are compared. As with the resolution, "
        "another one makes all that is hidden be entered and judged anew.",
        unit="hours",
        shown_default="what the graph has: 6 in a new one",
    )
    log_level: str = _setting(
        "LOG_LEVEL", "info", one_of("debug", "info", "warning", "error"), "Least level that is logged."
    )

    def __post_init__(self) -> None:
        if (self.token_issuer is None) != (self.token_jwks_url is None):
            missing = "TOKEN_ISSUER" if self.token_issuer is None else "TOKEN_JWKS_URL"
            raise _refused(PREFIX + missing, say("is needed with the other one"), say("set both, or neither"))
        if self.token_issuer is not None and self.local_issuer == "on":
            raise _refused(
                "OPSPLAN_LOCAL_ISSUER",
                say("cannot be on while OPSPLAN_TOKEN_ISSUER names an outside issuer"),
                say("unset one of the two"),
            )
        if self.token_issuer is None and not self.issues_tokens:
            raise _refused(
                "OPSPLAN_HOST",
                say("is beyond loopback, and no issuer of tokens is set, so nobody could use the API"),
                say(
                    "set OPSPLAN_TOKEN_ISSUER and OPSPLAN_TOKEN_JWKS_URL, or OPSPLAN_LOCAL_ISSUER=on if "
                    "tokens made on this machine shall hold"
                ),
            )
        if self.only_trusted_documents and self.trusted_documents is None:
            raise _refused(
                "OPSPLAN_ONLY_TRUSTED_DOCUMENTS",
                say("cannot be on while OPSPLAN_TRUSTED_DOCUMENTS names none: every request would be refused"),
                say("set OPSPLAN_TRUSTED_DOCUMENTS, or leave it off"),
            )
        if self.neo4j_urgent_connections is not None and self.neo4j_urgent_connections >= self.neo4j_connections:
            raise _refused(
                "OPSPLAN_NEO4J_URGENT_CONNECTIONS",
                say("leaves no connection for other operations"),
                say(
                    "give less than OPSPLAN_NEO4J_CONNECTIONS, which is {neo4j_connections}",
                    neo4j_connections=self.neo4j_connections,
                ),
            )
        if self.neo4j_uri is not None and self.neo4j_password is None:
            raise _refused("OPSPLAN_NEO4J_PASSWORD", say("is needed with OPSPLAN_NEO4J_URI"), say("set it"))

    @property
    def issues_tokens(self) -> bool:
        """Whether the local issuer is on."""
        if self.token_issuer is not None:
            return False
        return self.local_issuer == "on" or is_loopback(self.host)

    @property
    def neo4j_ordinary_connections(self) -> int:
        """How many connections operations may hold that are not urgent."""
        kept = self.neo4j_urgent_connections
        return self.neo4j_connections - (max(1, self.neo4j_connections // 10) if kept is None else kept)

    @classmethod
    def from_env(cls, mapping: Mapping[str, str]) -> "Settings":
        """Read the settings; an empty value counts as unset.

        Raises
        ------
        SetupError
            On a variable that is unknown or whose value is refused; it names the variable and what would do, and
            repeats the value unless it is a secret.
        """
        known = {variable.name: variable for variable in variables()}
        for name in sorted(mapping):
            if name.startswith(PREFIX) and name not in known and name not in _OURS_BUT_NO_SETTING:
                near = difflib.get_close_matches(name, known, n=1)
                remedy = (
                    say("did you mean {near}?", near=near[0])
                    if near
                    else say("see deploy/env.example for all variables")
                )
                raise _refused(name, say("is no setting of opsplan"), remedy)
        given: dict[str, Any] = {}
        for each in dataclasses.fields(cls):
            name = each.metadata["name"]
            text = mapping.get(name, "").strip()
            if not text:
                continue
            try:
                given[each.name] = each.metadata["read"](text)
            except ValueError as failure:
                shown = say("its value") if each.metadata["secret"] else say("{text!r}", text=text)
                unit = f" ({each.metadata['unit']})" if each.metadata["unit"] else ""
                raise _refused(
                    name,
                    say("cannot be {shown}", shown=shown),
                    say("{own_words}{unit}", own_words=_own_words(failure), unit=unit),
                ) from None
        return cls(**given)


def variables() -> Iterator[Variable]:
    """Give every setting in the order of `Settings`."""
    for each in dataclasses.fields(Settings):
        known = each.metadata
        default = None if each.default is dataclasses.MISSING else each.default
        yield Variable(
            field=each.name,
            name=known["name"],
            description=known["description"],
            unit=known["unit"],
            default=default,
            shown_default=known["shown_default"] or _as_text(default),
            secret=known["secret"],
        )


def env_example() -> str:
    """Write an example environment file: every variable, commented out, with its meaning, unit and default."""
    lines = [
        "# Settings of opsplan. Every variable may be left out; the defaults stand behind `=`.",
        "# Written from opsplan/settings/settings.py and compared with it in a test.",
    ]
    for variable in variables():
        unit = f" Unit: {variable.unit}." if variable.unit else ""
        lines += ["", f"# {variable.description}{unit}"]
        if variable.default is None:
            lines += [f"# Default: {variable.shown_default}.", f"#{variable.name}="]
        else:
            lines += [f"#{variable.name}={variable.shown_default}"]
    return "\n".join(lines) + "\n"


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _own_words(failure: ValueError) -> str:
    """The words of our own checks; those of `int` and `float` are said in ours."""
    words = str(failure)
    return words if words.startswith("give ") else "give a number"


def _refused(name: str, what: Sentence, remedy: Sentence) -> SetupError:
    return SetupError(
        say("{name} {what}; {remedy}", name=name, what=what, remedy=sentence_end(remedy)),
        field=name,
        remedy=remedy,
    )
