"""Random draws without state: a number is a function of (key, index), so any part of any trip can be made alone."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
F64 = npt.NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def mixed(value: U64) -> U64:
    """The splitmix64 finaliser (Steele et al. 2014): every input bit changes half of the output bits."""
    value = value ^ (value >> np.uint64(30))
    value = value * _MIX_1
    value = value ^ (value >> np.uint64(27))
    value = value * _MIX_2
    return cast(U64, value ^ (value >> np.uint64(31)))


def keys(*parts: Any) -> U64:
    """One key for each combination of the parts (integers or integer arrays, broadcast together)."""
    key = np.zeros(1, np.uint64)
    for part in parts:
        key = mixed(key * _GOLDEN + np.atleast_1d(part).astype(np.uint64) + _GOLDEN)
    return key


def uniform(key: U64, index: Any) -> F64:
    """Numbers in [0, 1) for each key and index, broadcast together."""
    bits = mixed(key + (np.atleast_1d(index).astype(np.uint64) + np.uint64(1)) * _GOLDEN)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def between(low: Any, high: Any, share: F64) -> F64:
    """The point at `share` (0..1) of the way from low to high."""
    return cast(F64, low + (high - low) * share)
