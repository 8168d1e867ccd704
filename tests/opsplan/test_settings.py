"""Settings: each is read with its unit, refused with its name and a remedy, and listed in deploy/env.example."""

from pathlib import Path

import pytest

from opsplan.settings import Settings, env_example, variables
from opsplan.vocabulary.errors import SetupError

ROOT = Path(__file__).parents[2]


def test_nothing_set_gives_a_service_on_loopback_with_a_local_issuer():
    """Without any variable the service listens on loopback only and accepts its own tokens."""
    settings = Settings.from_env({})
    assert settings.host == "127.0.0.1"
    assert settings.issues_tokens
    assert settings.neo4j_uri is None


def test_env_example_is_what_the_settings_say():
    """deploy/env.example lists every variable with its meaning and default, and nothing else."""
    assert (ROOT / "deploy" / "env.example").read_text(encoding="utf-8") == env_example()


def test_every_variable_in_the_example_is_read():
    """Every default shown in the example is accepted when it is set for real."""
    shown = dict(
        line.removeprefix("#").split("=", 1) for line in env_example().splitlines() if line.startswith("#OPSPLAN_")
    )
    assert set(shown) == {variable.name for variable in variables()}
    settings, plain = Settings.from_env(shown), Settings.from_env({})
    assert settings == plain


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"OPSPLAN_PROT": "8000"}, "OPSPLAN_PROT", "did you mean OPSPLAN_PORT"),
        ({"OPSPLAN_PORT": "eighty"}, "OPSPLAN_PORT", "give a number"),
        ({"OPSPLAN_PORT": "70000"}, "OPSPLAN_PORT", "0 to 65535"),
        ({"OPSPLAN_REQUEST_SECONDS": "nan"}, "OPSPLAN_REQUEST_SECONDS", "seconds"),
        ({"OPSPLAN_NEO4J_URI": "http://x:7474", "OPSPLAN_NEO4J_PASSWORD": "x"}, "OPSPLAN_NEO4J_URI", "bolt://"),
        ({"OPSPLAN_NEO4J_URI": "bolt://x:7687"}, "OPSPLAN_NEO4J_PASSWORD", "set it"),
        ({"OPSPLAN_HIDING_HOURS": "5"}, "OPSPLAN_HIDING_HOURS", "1, 2, 3, 4, 6, 8, 12, 24"),
        ({"OPSPLAN_HIDING_RESOLUTION": "9"}, "OPSPLAN_HIDING_RESOLUTION", "2 to 8"),
        ({"OPSPLAN_DATA_DIR": "here"}, "OPSPLAN_DATA_DIR", "absolute"),
        ({"OPSPLAN_TOKEN_ALGORITHMS": "HS256"}, "OPSPLAN_TOKEN_ALGORITHMS", "RS256"),
        ({"OPSPLAN_TOKEN_ISSUER": "https://id.example"}, "OPSPLAN_TOKEN_JWKS_URL", "set both"),
        (
            {"OPSPLAN_TOKEN_ISSUER": "https://id.example", "OPSPLAN_TOKEN_JWKS_URL": "http://id.example/jwks"},
            "OPSPLAN_TOKEN_JWKS_URL",
            "https://",
        ),
        ({"OPSPLAN_TRUSTED_DOCUMENTS": "documents.json"}, "OPSPLAN_TRUSTED_DOCUMENTS", "absolute"),
        ({"OPSPLAN_ONLY_TRUSTED_DOCUMENTS": "yes"}, "OPSPLAN_ONLY_TRUSTED_DOCUMENTS", "give on or off"),
        ({"OPSPLAN_ONLY_TRUSTED_DOCUMENTS": "on"}, "OPSPLAN_ONLY_TRUSTED_DOCUMENTS", "set OPSPLAN_TRUSTED_DOCUMENTS"),
        ({"OPSPLAN_HOST": "0.0.0.0"}, "OPSPLAN_HOST", "OPSPLAN_LOCAL_ISSUER=on"),
        (
            {
                "OPSPLAN_TOKEN_ISSUER": "https://id.example",
                "OPSPLAN_TOKEN_JWKS_URL": "https://id.example/jwks",
                "OPSPLAN_LOCAL_ISSUER": "on",
            },
            "OPSPLAN_LOCAL_ISSUER",
            "unset one",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_a_remedy(given, field, words):
    """Each wrong or contradictory setting stops the start, names the variable, and says what would do."""
    with pytest.raises(SetupError) as caught:
        Settings.from_env(given)
    assert caught.value.field == field
    assert words in caught.value.message


def test_trusted_documents_are_off_taken_beside_others_or_alone():
    """A manifest may be named with and without making its documents the only ones."""
    named = {"OPSPLAN_TRUSTED_DOCUMENTS": "/etc/opsplan/documents.json"}
    assert Settings.from_env({}).trusted_documents is None
    assert Settings.from_env(named).trusted_documents == Path("/etc/opsplan/documents.json")
    assert not Settings.from_env(named).only_trusted_documents
    assert not Settings.from_env(named | {"OPSPLAN_ONLY_TRUSTED_DOCUMENTS": "off"}).only_trusted_documents
    assert Settings.from_env(named | {"OPSPLAN_ONLY_TRUSTED_DOCUMENTS": "on"}).only_trusted_documents


def test_the_local_issuer_is_off_where_an_outside_one_is_set_and_on_beyond_loopback_only_when_asked():
    """Tokens made on this machine hold on loopback, or where the operator says so, and never beside another issuer."""
    outside = {"OPSPLAN_TOKEN_ISSUER": "https://id.example", "OPSPLAN_TOKEN_JWKS_URL": "https://id.example/jwks"}
    assert not Settings.from_env(outside).issues_tokens
    assert Settings.from_env({"OPSPLAN_HOST": "0.0.0.0", "OPSPLAN_LOCAL_ISSUER": "on"}).issues_tokens
    assert not Settings.from_env({"OPSPLAN_HOST": "0.0.0.0", **outside}).issues_tokens


def test_secrets_are_in_no_error_and_no_formatted_value():
    """A password or key never shows, neither in the settings' text nor in the refusal of its value."""
    settings = Settings.from_env(
        {
            "OPSPLAN_NEO4J_URI": "bolt://x:7687",
            "OPSPLAN_NEO4J_PASSWORD": "canary-password",
            "OPSPLAN_CURSOR_KEY": "canary-key-that-is-long-enough-to-be-accepted",
        }
    )
    assert "canary" not in repr(settings)
    with pytest.raises(SetupError) as caught:
        Settings.from_env({"OPSPLAN_CURSOR_KEY": "canary"})
    assert "canary" not in str(caught.value)
