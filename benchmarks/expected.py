"""How many alerts a fleet's drive leads to, found with tacho's engine before anything is timed. Pure."""

from typing import Any

from benchmarks.drives import FIRST_CAR, Drive, enriched
from tacho_alerter.engine.partition import Partition
from tacho_alerter.engine.told import Alerted
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.ruleset import RuleSet


def alerts(drive: Drive, cars: int, seconds: int, rules: RuleSet) -> int:
    """Alerts in the first `seconds` of `cars` cars, in a time in which no car falls silent."""
    # So many neighbours begin at all the places of the drive; the next one begins where the first did.
    places = len(drive.speed)
    told = [0] * places
    partition = Partition(RulesHistory([(0, rules)]), _never_asked)
    for sample in enriched(drive, min(places, cars), seconds):
        events = partition.take(sample, b"")
        told[sample["car_id"] - FIRST_CAR] += sum(isinstance(event, Alerted) for event in events)
    return sum(told[number % places] for number in range(cars))


def _never_asked(_value: bytes) -> dict[str, Any]:
    raise AssertionError("a car has fallen silent")
