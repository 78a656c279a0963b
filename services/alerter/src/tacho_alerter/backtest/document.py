"""The result of a backtest as one object, ready for JSON. Pure. docs/rules.md, "Backtest", says what each key means."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tacho_alerter.backtest.comparison import Comparison, Figures, Told, per_hour
from tacho_alerter.publishing import iso
from tacho_alerter.rules.ruleset import RuleSet

Versions = Sequence[tuple[int, RuleSet]]
"""Rules with the event time, ms, from which they hold."""


class Extent(NamedTuple):
    """What was read, and how fast."""

    began: int
    ended: int
    """Log time, ms."""
    from_the_start: bool
    """Whether nothing came before it in the log."""
    samples: int
    unreadable: int
    cars: int
    wall_seconds: float


def document(comparison: Comparison, extent: Extent, draft: RuleSet, published: Versions) -> dict[str, Any]:
    """Every fact of the backtest."""
    length = extent.ended - extent.began
    used = in_force(published, extent.began, extent.ended)
    names = [rule.id for rules in (draft, *(rules for _, rules in used)) for rule in rules.rules]
    return {
        "since": iso(extent.began),
        "until": iso(extent.ended),
        "log_seconds": length / 1000,
        "from_the_start": extent.from_the_start,
        "draft": draft.version,
        "published": [{"version": rules.version, "effective_at": iso(at) if at else None} for at, rules in used],
        "rules": [
            {"rule": name, **_figures(comparison.rules.get(name, Figures()), length)}
            for name in dict.fromkeys([*names, *sorted(comparison.rules)])
        ],
        "totals": _figures(comparison.totals, length),
        "cars": [{"car_id": car_id, **_figures(figures, length)} for car_id, figures in comparison.most_changed],
        "cars_changed": comparison.changed_cars,
        "cars_read": extent.cars,
        "samples": extent.samples,
        "unreadable": extent.unreadable,
        "wall_seconds": round(extent.wall_seconds, 3),
        "samples_per_second": round(extent.samples / extent.wall_seconds) if extent.wall_seconds > 0 else None,
    }


def in_force(versions: Versions, first: int, last: int) -> list[tuple[int, RuleSet]]:
    """The versions that hold at some moment between these times, ms, in the order of their own."""
    # Of two from one moment the one published last holds; before the first version, the first.
    ordered = list(dict(sorted(versions, key=lambda version: version[0])).items())
    untils = [effective_at for effective_at, _ in ordered[1:]]
    return [
        version
        for index, version in enumerate(ordered)
        if (index == 0 or version[0] <= last) and (index == len(untils) or untils[index] > first)
    ]


def _figures(figures: Figures, length: int) -> dict[str, Any]:
    return {
        "published": _told(figures.published, length),
        "draft": _told(figures.draft, length),
        "gained": figures.gained,
        "lost": figures.lost,
    }


def _told(told: Told, length: int) -> dict[str, Any]:
    return {
        "alerts": told.alerts,
        "alerts_per_hour": per_hour(told.alerts, length),
        "episodes": told.episodes,
    }
