"""What a condition comes to for one sample: closures, built once and called for every sample.

None stands for null and for unknown, as in SQL. Arithmetic is in doubles, so that columns come to the same numbers.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from tacho_alerter.rules.conditions import Arithmetic, Comparison, Constant, Field, Joined, Minus, Not, Tree
from tacho_alerter.rules.fields import Kind
from tacho_alerter.rules.levels import Sample

Truth = Callable[[Sample], bool | None]
Value = Callable[[Sample], Any]
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def truth_of(tree: Tree) -> Truth:
    """The closure of a condition."""
    match tree:
        case Not(of):
            return _not(truth_of(of))
        case Joined(word, parts):
            return _joined(word == "or", tuple(truth_of(part) for part in parts))
        case Comparison(sign, Field(name), Constant(value)):
            return _field_against_constant(COMPARISONS[sign], name, value)
        case Comparison(sign, left, right):
            return _comparison(COMPARISONS[sign], _value_of(left), _value_of(right))
        case _:
            return _value_of(tree)


def _value_of(tree: Tree) -> Value:
    match tree:
        case Constant(value):
            return lambda sample: value
        case Field(name, Kind.NUMBER):
            return _number(name)
        case Field(name):
            return lambda sample: sample[name]
        case Minus(of):
            return _minus(_value_of(of))
        case Arithmetic(sign, left, right):
            return _arithmetic(sign, _value_of(left), _value_of(right))
        case _:
            return truth_of(tree)


def _number(name: str) -> Value:
    def value(sample: Sample) -> float | None:
        found = sample[name]
        return None if found is None else float(found)

    return value


def _field_against_constant(compare: Callable[[Any, Any], bool], name: str, value: float | str | bool) -> Truth:
    def truth(sample: Sample) -> bool | None:
        found = sample[name]
        return None if found is None else compare(found, value)

    return truth


def _comparison(compare: Callable[[Any, Any], bool], left: Value, right: Value) -> Truth:
    def truth(sample: Sample) -> bool | None:
        one, other = left(sample), right(sample)
        return None if one is None or other is None else compare(one, other)

    return truth


def _not(of: Truth) -> Truth:
    def truth(sample: Sample) -> bool | None:
        found = of(sample)
        return None if found is None else not found

    return truth


def _joined(decides: bool, parts: tuple[Truth, ...]) -> Truth:
    def truth(sample: Sample) -> bool | None:
        unknown = False
        for part in parts:
            found = part(sample)
            if found is decides:
                return decides
            unknown = unknown or found is None
        return None if unknown else not decides

    return truth


def _minus(of: Value) -> Value:
    def value(sample: Sample) -> float | None:
        found = of(sample)
        return None if found is None else -found

    return value


def _arithmetic(sign: str, left: Value, right: Value) -> Value:
    apply, divides = _ARITHMETIC[sign], sign == "/"

    def value(sample: Sample) -> float | None:
        one, other = left(sample), right(sample)
        if one is None or other is None or (divides and other == 0):
            return None
        return float(apply(one, other))

    return value
