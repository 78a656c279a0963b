"""A driver's score: 100 points, less what each part takes away. Pure."""

from dataclasses import dataclass

from tacho.report.driving import Driving

LEAST_KM = 1.0
"""Less says nothing of a driver."""


@dataclass(frozen=True)
class Part:
    """One part of the score: it takes `points` for each unit of its figure, and never more than `most`."""

    name: str
    figure: str
    points: float
    most: float


PARTS = (
    Part("speed", "time over the speed limit in % of driving time", 3.0, 30.0),
    Part("rpm", "time over the rpm limit in % of driving time", 4.0, 20.0),
    Part("gear", "time in a wrong gear in % of driving time in a gear with a known range", 0.5, 20.0),
    Part("harsh", "harsh events per 100 km", 1.0, 25.0),
    Part("idle", "idle time in % of driving and idle time", 0.1, 5.0),
)
"""The largest deductions add up to 100."""


@dataclass(frozen=True)
class Score:
    """The figures behind a score, by the name of their part, what each takes away, and what is left."""

    figures: dict[str, float | None]
    deductions: dict[str, float]
    points: float | None
    """0 to 100, to a tenth; None below LEAST_KM."""


def score(driving: Driving) -> Score:
    """What the driving is worth. Deductions are rounded to a tenth before they are added: the sum can be checked."""
    figures = {
        "speed": _share(driving.speeding_s, driving.driving_s, 100),
        "rpm": _share(driving.revving_s, driving.driving_s, 100),
        "gear": _share(driving.wrong_gear_s, driving.judged_s, 100),
        "harsh": _share(driving.harsh_braking + driving.harsh_acceleration, driving.distance_m / 1000, 100),
        "idle": _share(driving.idle_s, driving.idle_s + driving.driving_s, 100),
    }
    if driving.distance_m < LEAST_KM * 1000:
        return Score(figures, {}, None)
    deductions = {part.name: round(min(part.most, part.points * (figures[part.name] or 0.0)), 1) for part in PARTS}
    return Score(figures, deductions, round(100 - sum(deductions.values()), 1))


def _share(amount: float, whole: float, scale: float) -> float | None:
    """`amount` of `whole`, times `scale`; None where there is no whole."""
    return amount / whole * scale if whole else None
