"""Reading the levels of a rule: its own, its exit, and those of models and cars. Contradictions are refused."""

from collections.abc import Iterable

from tacho_alerter.rules.document import Written
from tacho_alerter.rules.entry import Entry
from tacho_alerter.rules.fields import UNITS, numeric_fields
from tacho_alerter.rules.levels import NO_LEVEL, Bound, Direction, Level, Levels, Limit
from tacho_alerter.rules.mistakes import Source
from tacho_alerter.rules.quantities import NotAQuantity, number

LEVEL_KEYS = ("above", "below", "outside")
_CARS = range(1_000_000, 10_000_000)


def read_levels(entry: Entry, measure: str) -> Levels:
    """All levels of a rule on this measure."""
    given = entry.given(*LEVEL_KEYS)
    if len(given) > 1:
        entry.refuse(given[-1], f"a rule has one level and this one has {' and '.join(given)}; keep one")
    if not given:
        for key in entry.given("until", "limits"):
            entry.refuse(key, "the rule has no level; add above, below or outside, or leave it out")
        return Levels(NO_LEVEL)
    own = _level(entry, Direction(given[0]), measure)
    _check_exit(entry, own.until, (own,))
    models, cars = _limits(entry, own, measure) if "limits" in entry else ({}, {})
    return Levels(own, models, cars)


def _limits(entry: Entry, own: Level, measure: str) -> tuple[dict[str, Limit], dict[int, Limit]]:
    limits = Entry(entry["limits"], entry.source, ("models", "cars"), "limits")
    models, cars = {}, {}
    # A car may be of any model, so an exit that a car's entry names alone must suit the levels of all of them.
    below = [own]
    if "models" in limits:
        for name, written in limits.mapping("models").items():
            models[_model(name, written, entry.source)] = _limit(written, entry, below[:1], measure)
        below += [limit.level for limit in models.values() if limit.level is not None]
    if "cars" in limits:
        for name, written in limits.mapping("cars").items():
            cars[_car(name, written, entry.source)] = _limit(written, entry, below, measure)
    return models, cars


def _limit(written: Written, rule: Entry, below: list[Level], measure: str) -> Limit:
    """One model's or car's entry; `below` are the levels that apply where it names none."""
    direction = below[0].direction
    keys = (direction.value,) if direction is Direction.OUTSIDE else (direction.value, "until")
    entry = Entry(written, rule.source, keys, f"a limit of a rule with '{direction.value}'")
    if direction.value in entry:
        level = _level(entry, direction, measure)
        _check_exit(entry, level.until, [level])
        return Limit(level, level.until)
    until = entry.number("until", UNITS.get(measure))
    _check_exit(entry, until, below)
    return Limit(None, until)


def _level(entry: Entry, direction: Direction, measure: str) -> Level:
    unit = UNITS.get(measure)
    if direction is Direction.OUTSIDE:
        if "until" in entry:
            entry.refuse("until", "is for above and below; leave it out, or write two rules")
        return _outside(entry, measure)
    level = entry.number(direction.value, unit)
    until = entry.number("until", unit) if "until" in entry else None
    if direction is Direction.ABOVE:
        return Level(direction, high=level, until=until)
    return Level(direction, low=level, until=until)


def _outside(entry: Entry, measure: str) -> Level:
    wanted = "two bounds, as in [1, 5] or [gear_low, gear_high]"
    parts = entry.items("outside", wanted)
    if len(parts) != 2:
        entry.refuse("outside", f"has {len(parts)} bounds; write {wanted}")
    low, high = (_bound(entry, part, measure) for part in parts)
    if isinstance(low, float) and isinstance(high, float) and low > high:
        entry.refuse("outside", f"the lower bound {low:g} is above the upper one {high:g}; swap them")
    return Level(Direction.OUTSIDE, low, high)


def _bound(entry: Entry, written: Written, measure: str) -> Bound:
    unit, value = UNITS.get(measure), written.value
    if isinstance(value, str) and value[:1].isalpha():
        if value not in numeric_fields():
            entry.refuse("outside", f"{value!r:.60} is no numeric field; use a number or {', '.join(numeric_fields())}")
        if UNITS.get(value) != unit:
            entry.refuse("outside", f"{value} is not in the unit of {measure}; use a field that is, or a number")
        return value
    try:
        return number(written.plain, unit)
    except NotAQuantity as wrong:
        entry.refuse("outside", str(wrong))


def _check_exit(entry: Entry, until: float | None, levels: Iterable[Level]) -> None:
    for level in levels:
        if until is not None and isinstance(level.high, float) and until > level.high:
            entry.refuse("until", f"{until:g} is above the level {level.high:g}; an exit of 'above' is at it or below")
        if until is not None and isinstance(level.low, float) and until < level.low:
            entry.refuse("until", f"{until:g} is below the level {level.low:g}; an exit of 'below' is at it or above")


def _model(name: str | int, written: Written, source: Source) -> str:
    if not isinstance(name, str):
        source.refuse(written.line, f'{name} is no model; write brand and model name as text, as in "BMW X5"')
    return name


def _car(name: str | int, written: Written, source: Source) -> int:
    if not isinstance(name, int) or name not in _CARS:
        source.refuse(written.line, f"{name!r:.60} is no car; write its number of 7 digits without quotes")
    return name
