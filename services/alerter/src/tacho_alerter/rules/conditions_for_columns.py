"""What a condition may come to for many samples at once: a bound from above on when it is true, and when it is false.

Nothing is missed: where it is true of a sample, `may_be_true` says so. It also says so wherever it cannot tell: for
text, and for fields that are no columns.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacho_alerter.rules.conditions import Arithmetic, Comparison, Constant, Field, Joined, Minus, Not, Tree, fields
from tacho_alerter.rules.conditions_for_samples import COMPARISONS
from tacho_alerter.rules.fields import Kind

Bools = NDArray[np.bool_]
Columns = Mapping[str, NDArray[np.float64]]
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


def may_be_true(tree: Tree, columns: Columns, count: int) -> Bools:
    """Of which of `count` samples the condition may be true."""
    with np.errstate(all="ignore"):
        return _possible(tree, columns, count)[0]


def _possible(tree: Tree, columns: Columns, count: int) -> tuple[Bools, Bools]:
    """Where it may be true, and where it may be false."""
    match tree:
        case Not(of):
            true, false = _possible(of, columns, count)
            return false, true
        case Joined(word, parts):
            pairs = [_possible(part, columns, count) for part in parts]
            trues, falses = zip(*pairs, strict=True)
            if word == "and":
                return reduce(np.logical_and, trues), reduce(np.logical_or, falses)
            return reduce(np.logical_or, trues), reduce(np.logical_and, falses)
        case Comparison(sign, left, right) if _told(left, columns) and _told(right, columns):
            true = COMPARISONS[sign](_numbers(left, columns), _numbers(right, columns))
            true = np.broadcast_to(true, (count,))
            return true, ~true
        case _:
            anything = np.ones(count, np.bool_)
            return anything, anything


def _told(tree: Tree, columns: Columns) -> bool:
    return tree.kind is Kind.NUMBER and all(field.name in columns for field in fields(tree))


def _numbers(tree: Tree, columns: Columns) -> Any:
    match tree:
        case Field(name):
            return columns[name]
        case Minus(of):
            return -_numbers(of, columns)
        case Arithmetic(sign, left, right):
            return _ARITHMETIC[sign](_numbers(left, columns), _numbers(right, columns))
        case Constant(value):
            return np.float64(value)
        case _:
            raise TypeError(f"{tree} is no number")
