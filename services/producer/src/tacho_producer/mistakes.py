"""Which mistakes drivers make, and how often."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tacho_producer.draws import F64


class Mistake(IntEnum):
    """What goes wrong in one stage of a trip."""

    NONE = 0
    SPEEDING = 1
    """Faster than 120 km/h for some seconds."""
    OVER_REVVING = 2
    """More than 6,000/min: a low gear held too long."""
    WRONG_GEAR = 3
    """A high gear kept at a speed too low for it."""


@dataclass(frozen=True)
class MistakeShares:
    """The share of a trip's stages (0..1 each, at most 1 in all) in which the mean driver makes each mistake."""

    speeding: float
    over_revving: float
    wrong_gear: float

    @property
    def any(self) -> float:
        """The share of stages with a mistake of any kind."""
        return self.speeding + self.over_revving + self.wrong_gear


def choose(shares: MistakeShares, proneness: F64, draw: F64, certain: np.ndarray) -> np.ndarray:
    """The mistake of each stage. `proneness` scales the shares; where `certain`, one of them is sure to happen."""
    total = shares.any
    if total <= 0.0:
        return np.zeros(draw.shape, np.int8)
    limits = np.cumsum([shares.speeding, shares.over_revving, shares.wrong_gear])
    # Dividing the draw scales all three shares at once; where one must happen they are blown up to fill 0..1.
    scaled = np.where(certain, draw * total, draw / proneness)
    kind = 1 + (scaled[..., None] >= limits).sum(-1)
    return np.where(kind > 3, 0, kind).astype(np.int8)
