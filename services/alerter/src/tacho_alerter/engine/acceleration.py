"""The acceleration between two judged samples of a car."""

LONGEST_STEP_MS = 3_000
"""Between two samples further apart there is none: the car may have braked and gone on in between."""


def acceleration(speed: float, before: float, step_ms: int) -> float | None:
    """Metres per second squared from `before` to `speed`, km/h, in `step_ms`; None when they are too far apart."""
    if not 0 < step_ms <= LONGEST_STEP_MS:
        return None
    return float(((speed - before) / 3.6) / (step_ms / 1000))
