"""Points on the Earth (WGS 84), degrees; distances are metres."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """A point by longitude (-180 to 180) and latitude (-90 to 90), in degrees; east and north positive."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not -180.0 <= self.longitude <= 180.0:
            raise ValueError(f"longitude {self.longitude} is outside -180 to 180")
        if not -90.0 <= self.latitude <= 90.0:
            raise ValueError(f"latitude {self.latitude} is outside -90 to 90; are longitude and latitude swapped?")
