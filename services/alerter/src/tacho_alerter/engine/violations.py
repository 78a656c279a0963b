"""The decision: one sample, the rules and the car's state in; what is wrong and the new state out.

Pure: no Kafka, no clock, no I/O. Live, backtest and tests all call `evaluate`.
"""

from typing import NamedTuple

from tacho_alerter.rules.levels import Sample
from tacho_alerter.rules.rule import Rule
from tacho_alerter.rules.ruleset import RuleSet


class CarState(NamedTuple):
    """What the engine remembers of a car between samples: nothing, as every rule judges one sample by itself."""


class Violation(NamedTuple):
    """One rule that a sample breaks: the value seen and the limit it broke, in the unit of the rule's measure."""

    rule: Rule
    observed: float
    limit: float


class Decision(NamedTuple):
    """The answer to one sample: its violations, in rule order, and the state for the car's next sample."""

    violations: tuple[Violation, ...]
    state: CarState


FRESH = CarState()
_NOTHING_WRONG = Decision((), FRESH)


def evaluate(sample: Sample, rules: RuleSet, state: CarState = FRESH) -> Decision:
    """Judge one sample. The result depends on the arguments alone; `sample` is not changed."""
    found = []
    for rule, broken_limit in rules.instant:
        limit = broken_limit(sample)
        if limit is not None:
            found.append(Violation(rule, rule.verdict(sample).observed, limit))
    return Decision(tuple(found), state) if found else _NOTHING_WRONG
