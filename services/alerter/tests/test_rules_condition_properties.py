"""Conditions against a walk over their tree, on random trees and samples."""

import operator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tacho_alerter.rules.condition_text import parse
from tacho_alerter.rules.conditions_for_columns import may_be_true
from tacho_alerter.rules.conditions_for_samples import truth_of

NUMERIC = ("speed", "rpm", "gear", "gear_high", "acceleration")
TEXTS = ("brand_name", "color_name")
OPERATORS = {
    "minus": operator.neg,
    "not": operator.not_,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
constants = st.integers(0, 200).map(float) | st.sampled_from([0.0, 0.1, 3.6, 6000.0, 1e15])
numbers = st.recursive(
    st.sampled_from(NUMERIC).map(lambda name: ("field", name)) | constants.map(lambda value: ("constant", value)),
    lambda part: st.tuples(st.sampled_from(["+", "-", "*", "/"]), part, part) | st.tuples(st.just("minus"), part),
    max_leaves=4,
)
texts = st.sampled_from(TEXTS).map(lambda name: ("field", name)) | st.sampled_from(["BMW", ""]).map(
    lambda value: ("constant", value)
)
comparisons = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers, numbers)
truths = st.recursive(
    comparisons
    | st.tuples(st.sampled_from(["==", "!="]), texts, texts)
    | st.sampled_from([("field", "late"), ("constant", True), ("constant", False)]),
    lambda part: st.tuples(st.sampled_from(["and", "or", "==", "!="]), part, part) | st.tuples(st.just("not"), part),
    max_leaves=6,
)
values = st.none() | st.integers(-10, 200).map(float) | st.sampled_from([6000.0, 0.1, 1e300, float("nan")])
samples = st.fixed_dictionaries(
    {
        **dict.fromkeys(NUMERIC, values),
        **dict.fromkeys(TEXTS, st.sampled_from([None, "BMW", ""])),
        "late": st.booleans(),
    }
)


def written(tree):
    kind, *parts = tree
    if kind == "field":
        return parts[0]
    if kind == "constant":
        value = parts[0]
        if isinstance(value, str | bool):
            return f'"{value}"' if isinstance(value, str) else str(value).lower()
        return f"{value:.1f}"
    sides = [f"({written(part)})" for part in parts]
    if len(sides) == 1:
        return f"{'-' if kind == 'minus' else 'not '}{sides[0]}"
    return f" {kind} ".join(sides)


def walked(tree, sample):
    """What a condition comes to, with no thought for speed."""
    kind, *parts = tree
    if kind == "field":
        return sample[parts[0]]
    if kind == "constant":
        return parts[0]
    found = [walked(part, sample) for part in parts]
    if kind in ("and", "or"):
        decides = kind == "or"
        return decides if decides in found else (None if None in found else not decides)
    if None in found or (kind == "/" and found[1] == 0):
        return None
    return OPERATORS[kind](*found)


@settings(max_examples=400, deadline=None)
@given(truths, st.lists(samples, min_size=1, max_size=5))
def test_the_closures_agree_with_walking_the_tree(tree, fleet):
    text = written(tree)
    if len(text) > 500:
        return
    closure = truth_of(parse(text))
    assert [closure(sample) for sample in fleet] == [walked(tree, sample) for sample in fleet]


@settings(max_examples=400, deadline=None)
@given(truths, st.lists(samples, min_size=1, max_size=20), st.sets(st.sampled_from(NUMERIC)))
def test_columns_miss_no_sample_of_which_a_condition_is_true(tree, fleet, known):
    text = written(tree)
    if len(text) > 500:
        return
    # Samples with a null in a column are never told by columns, but for the acceleration, whose null is NaN there.
    fleet = [sample for sample in fleet if all(sample[name] is not None for name in known - {"acceleration"})]
    nan = float("nan")
    columns = {name: np.array([nan if s[name] is None else s[name] for s in fleet], np.float64) for name in known}
    possible = may_be_true(parse(text), columns, len(fleet)).tolist()
    assert len(possible) == len(fleet)
    missed = [sample for sample, may in zip(fleet, possible, strict=True) if walked(tree, sample) is True and not may]
    assert missed == []
