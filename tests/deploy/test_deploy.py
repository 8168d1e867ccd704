"""The deployment files are valid and say what the service reads."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def test_compose_file_follows_the_compose_specification() -> None:
    """deploy/compose.yml is valid by the schema of the Compose Specification."""
    subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yml"],
        check=True,
        capture_output=True,
    )


def test_compose_file_runs_neo4j_5_26_unexposed_and_the_service_confined() -> None:
    """Neo4j is the 5.26 line and publishes no port; the service is read-only, without capabilities, on loopback."""
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    database, service = compose["services"]["neo4j"], compose["services"]["opsplan"]
    assert database["image"] == "neo4j:5.26-community"
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_final_image_is_non_root_without_tools_and_checks_its_health() -> None:
    """The last stage has a user, a health check, no pip and no package manager call."""
    stages = re.split(r"^FROM ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    final = stages[-1]
    assert re.search(r"^USER 10001", final, flags=re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "pip uninstall" in final
    assert "apt-get" not in final
    assert "pip install" not in final


def test_neo4j_conf_and_compose_say_the_same() -> None:
    """Each setting in neo4j.conf stands in the compose file's environment with the same value, and no other does."""
    environment = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))["services"]["neo4j"][
        "environment"
    ]
    lines = (DEPLOY / "neo4j.conf").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    named = {"NEO4J_" + name.replace("_", "__").replace(".", "_"): value for name, value in settings.items()}
    assert {name: value for name, value in environment.items() if name != "NEO4J_AUTH"} == named
