"""How long alerts took, in classes wide enough to be drawn. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

_PER_DECADE = 10


def histogram(milliseconds: Sequence[float]) -> list[dict[str, Any]]:
    """Classes of equal width on a logarithmic axis, each with its lower and upper edge [ms] and its count.

    Empty classes between two that are not are there too. A time below 0.1 ms counts as 0.1 ms.
    """
    places = Counter(math.floor(math.log10(max(each, 0.1)) * _PER_DECADE) for each in milliseconds)
    if not places:
        return []
    return [
        {"from": _edge(place), "to": _edge(place + 1), "count": places[place]}
        for place in range(min(places), max(places) + 1)
    ]


def _edge(place: int) -> float:
    return float(f"{10 ** (place / _PER_DECADE):.3g}")
