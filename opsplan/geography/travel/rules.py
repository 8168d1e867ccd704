"""The assumptions behind travel times."""

from dataclasses import dataclass, fields
from math import isfinite
from typing import Final

_SECONDS_PER_HOUR = 3_600
_METRES_PER_KM = 1_000


@dataclass(frozen=True, slots=True)
class TravelRules:
    """How fast one travels. A coarse model, meant to be a little slow rather than a little fast.

    Attributes
    ----------
    road_factor
        Road kilometres per kilometre of great circle. Ballou, Rahardja and Sakai (Transportation Research A 36, 2002)
        found means between 1.2 and 1.5 for most countries, about 1.4 in South-East Asia.
    road_speed_km_h
        Mean speed of a convoy on roads of every kind with its stops.
    check_in_minutes
        From the kerb of the airport to the start of boarding: two hours, as airlines ask for flights abroad.
    ground_minutes
        What a flight takes besides cruising: boarding, taxiing, climb and approach.
    exit_minutes
        From the gate to the road: border control, baggage, pick-up.
    cruise_speed_km_h
        Pace over the great circle. Airliners cruise at 830 to 900; detours, and changing aircraft on long ways, cost
        the rest.
    hub_city_inhabitants
        Towns of this size are taken to have airline service.
    hub_radius_km
        At an airport no farther off than this (great circle).
    """

    road_factor: float = 1.4
    road_speed_km_h: float = 60.0
    check_in_minutes: int = 120
    ground_minutes: int = 45
    exit_minutes: int = 45
    cruise_speed_km_h: float = 700.0
    hub_city_inhabitants: int = 100_000
    hub_radius_km: float = 60.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isfinite(value) and value >= 0):
                raise ValueError(f"{field.name} {value} is no number from 0 up")
        if self.road_factor < 1.0:
            raise ValueError(f"road_factor {self.road_factor} is below 1: no road is shorter than the great circle")
        if not 0.0 < self.road_speed_km_h / self.road_factor < self.cruise_speed_km_h:
            raise ValueError("road_speed_km_h is not between 0 and cruise_speed_km_h: flying would never pay")

    @property
    def road_seconds_per_metre(self) -> float:
        """Seconds by road for a metre of great circle."""
        return self.road_factor * _SECONDS_PER_HOUR / (self.road_speed_km_h * _METRES_PER_KM)

    @property
    def flight_seconds_per_metre(self) -> float:
        """Seconds in the air for a metre of great circle."""
        return _SECONDS_PER_HOUR / (self.cruise_speed_km_h * _METRES_PER_KM)

    @property
    def fixed_flight_minutes(self) -> int:
        """Minutes that every journey by air takes, however short the flight."""
        return self.check_in_minutes + self.ground_minutes + self.exit_minutes


DEFAULT_RULES: Final = TravelRules()
