"""The drives that the pictures show, made by hand: one car, one sample a second, one episode of one rule."""

from collections.abc import Sequence
from typing import NamedTuple


class Axis(NamedTuple):
    """How a drive's values are drawn: what they are, between which two, and which are named beside the plot."""

    name: str
    unit: str
    low: float
    high: float
    ticks: Sequence[float]
    every_seconds: int


class Drive(NamedTuple):
    """A value for all seconds, or one for each; a speed of None is a second in which the car says nothing."""

    rule: str
    axis: Axis
    speed: Sequence[float | None]
    """km/h"""
    rpm: int | Sequence[int] = 2500
    gear: int | Sequence[int] = 4
    gear_low: int | Sequence[int] = 3
    gear_high: int | Sequence[int] = 5


FASTER = (96, 104, 112, 118, 123, 127, 132, 138, 144, 149, 154, 156)
SLOWER = (152, 145, 137, 128, 121, 118, 116, 119, 114, 110, 105, 101, 98, 96, 95, 94, 94, 94)
"""km/h, through a level and back."""
BEFORE = (48, 50, 52, 53, 54, 54, 53, 52, 50, 49, 48, 48, 49, 50, 51, 52, 52, 51, 50, 49, 48)
AFTER = (31, 33, 36, 40, 43, 46, 48, 49, 50, 50, 51, 51, 50, 50)
"""km/h, on both sides of a silence."""

DRIVES = (
    Drive(
        rule="speeding",
        axis=Axis("speed", "km/h", 75, 170, (80, 100, 120, 140, 160), 5),
        speed=(*FASTER, *SLOWER),
    ),
    Drive(
        rule="high-rpm",
        axis=Axis("engine speed", "1/min", 2800, 7000, (3000, 4000, 5000, 6000), 2),
        speed=(50, 56, 62, 68, 72, 74, 75, 75, 76, 76, 76, 75, 74, 73, 72),
        rpm=(3900, 4700, 5500, 6150, 6480, 6320, 5900, 5750, 6080, 5850, 5400, 4600, 3800, 3500, 3400),
        gear=2,
    ),
    # Second gear is held for too long; then the clutch, which is gear 0, and fourth gear.
    Drive(
        rule="wrong-gear",
        axis=Axis("gear", "", -0.6, 6.4, (0, 1, 2, 3, 4, 5, 6), 2),
        speed=(34, 38, 42, 46, 50, 54, 58, 62, 62, 63, 64, 65, 66, 67),
        gear=(2, 2, 2, 2, 2, 2, 2, 2, 0, 4, 4, 4, 4, 4),
        gear_low=(1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3),
        gear_high=(3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5),
    ),
    Drive(
        rule="harsh-braking",
        axis=Axis("acceleration", "m/s²", -8.4, 2, (-8, -6, -4, -2, 0, 2), 2),
        speed=(82, 82, 82, 81, 80, 66, 43, 26, 16, 11, 8, 6, 5, 5),
    ),
    Drive(
        rule="harsh-acceleration",
        axis=Axis("acceleration", "m/s²", -1.2, 4, (-1, 0, 1, 2, 3, 4), 2),
        speed=(10, 10, 10, 11, 13, 23, 35, 45, 53, 57, 60, 62, 63, 63),
    ),
    # It rolls out, then pulls in fifth gear from under 1000 1/min.
    Drive(
        rule="lugging",
        axis=Axis("engine speed", "1/min", 850, 1350, (900, 1000, 1100, 1200, 1300), 4),
        speed=(50, 47, 44, 41, 38.4, 38, 37.8, 37.6, 37.8, 38, 38.4, 39.4, 41.2, 44.8, 48, 51.2, 52, 52.4, 52.4),
        rpm=(1250, 1175, 1100, 1025, 960, 950, 945, 940, 945, 950, 960, 985, 1030, 1120, 1200, 1280, 1300, 1310, 1310),
        gear=5,
    ),
    Drive(
        rule="silent-car",
        axis=Axis("speed", "km/h", -4, 80, (0, 20, 40, 60, 80), 20),
        speed=(*BEFORE, *(None for _ in range(91)), *AFTER),
    ),
)
