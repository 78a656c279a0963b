"""Invented cars: each drives a little, stops, sometimes too fast, sometimes in the wrong gear."""

from random import Random
from typing import Any

MODELS = (
    ("Mazda", "3"),
    ("Mazda", "6"),
    ("Toyota", "Corolla"),
    ("Hyundai", "i20"),
    ("Kia", "Sportage"),
    ("Kia", "Rio"),
)
COLORS = ("Black", "Red", "Gray", "White", "Green", "Blue", "Pink")
FIRST_CAR = 1_000_001
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\'"&{{7*7}}'
_GEARS = (0, 18, 36, 55, 78, 105)
"""Lowest speed of each gear, km/h."""
_RPM_A_KMH = (110.0, 72.0, 52.0, 42.0, 34.0, 30.0)
_FIRST_DRIVER = 100_000_001


class Car:
    """One invented car."""

    def __init__(self, number: int, draws: Random, hostile: bool) -> None:
        self.car_id = FIRST_CAR + number
        self._draws = draws
        brand, model = draws.choice(MODELS)
        known = number % 50 != 49
        self._about: dict[str, Any] = {
            "driver_id": _FIRST_DRIVER + number if known else None,
            "brand_name": HOSTILE if hostile else brand if known else None,
            "model_name": HOSTILE if hostile else model if known else None,
            "color_name": HOSTILE if hostile else draws.choice(COLORS) if known else None,
        }
        self._speed = draws.uniform(0, 110)
        self._wanted = draws.uniform(0, 110)
        self._wrong_gear_s = 0
        self._sequence = 0
        self.silent_s = 0

    def drive(self, event_time: int, logged_at: int) -> dict[str, Any] | None:
        """The EnrichedSample of one more second, at this event time (ms); None while the car is silent."""
        self._sequence += 1
        self._decide()
        if self.silent_s:
            self.silent_s -= 1
            return None
        self._speed = max(0.0, self._speed + max(-3.0, min(2.2, self._wanted - self._speed)))
        expected = max(gear for gear, lowest in enumerate(_GEARS, 1) if self._speed >= lowest)
        gear = max(1, expected - 2) if self._wrong_gear_s else expected
        moving = self._speed > 1.0
        rpm = min(7_000, max(850, int(self._speed * _RPM_A_KMH[gear - 1]))) if moving else 800
        return {
            "event_id": f"{self.car_id}-{self._sequence}",
            "car_id": self.car_id,
            "sequence": self._sequence,
            "event_time": event_time,
            "speed": round(self._speed, 1),
            "rpm": rpm,
            "gear": gear if moving else 0,
            **self._about,
            "expected_gear": expected if moving else None,
            "gear_low": max(1, expected - 1) if moving else None,
            "gear_high": min(6, expected + 1) if moving else None,
            "late": False,
            "logged_at": logged_at,
            "dims_version": "rehearsal",
        }

    def _decide(self) -> None:
        draw = self._draws.random()
        if draw < 0.02:
            self._wanted = self._draws.choice((0.0, 0.0, 30.0, 50.0, 50.0, 80.0, 100.0, 115.0, 135.0))
        elif draw < 0.022:
            self._wrong_gear_s = self._draws.randrange(4, 15)
        elif draw < 0.0222:
            self.silent_s = self._draws.randrange(60, 150)
        self._wrong_gear_s = max(0, self._wrong_gear_s - 1)
