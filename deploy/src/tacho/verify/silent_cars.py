"""Episodes of silent-car rules: they begin with log time alone, and end with the car's next sample."""

from collections.abc import Sequence

from tacho.verify.episode import Told
from tacho.verify.moments import Heard, Moment, SilentCar
from tacho.verify.rules import Rules
from tacho.verify.wire import Fields

_WHO = ("car_id", "driver_id", "brand_name", "model_name", "color_name")


def silences(rule_id: str, moments: Sequence[Moment]) -> list[Told]:
    """What is told of one car's silences under one rule."""
    told: list[Told] = []
    opened: Fields | None = None
    for number, moment in enumerate(moments):
        if isinstance(moment, SilentCar) and moment.rule.id == rule_id and opened is None:
            opened = _opened(moment)
            told.append(_told(number, moment.rules, opened))
        elif isinstance(moment, Heard) and opened is not None:
            seconds = (moment.at - opened["opened_at"]) / 1000
            closed = opened | {"revision": 2, "state": "CLOSED", "close_reason": "recovered", "closed_at": moment.at}
            closed |= {"peak": seconds, "peak_at": moment.at, "rules_version": moment.rules.version}
            told.append(_told(number, moment.rules, closed))
            opened = None
    return told


def _opened(moment: SilentCar) -> Fields:
    seconds = (moment.rule.silent_for_ms or 0) / 1000
    return {
        "episode_id": f"{moment.sample['car_id']}-{moment.since}/{moment.rule.id}",
        **{"revision": 1, "state": "OPENED", "rule": moment.rule.id, "severity": moment.rule.severity},
        **{name: moment.sample[name] for name in _WHO},
        **{"opened_at": moment.since, "last_seen_at": moment.since, "peak_at": moment.since},
        **{"samples": 0, "late_samples": 0, "peak": seconds, "limit": seconds},
        **{"closed_at": None, "close_reason": None, "rules_version": moment.rules.version},
    }


def _told(number: int, rules: Rules, record: Fields) -> Told:
    return Told(number, rules.place(record["rule"]), record)
