"""One episode of one car and rule, and the events that tell of it. Times are event time, ms, but for silences."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tacho.verify.rule import Rule, Verdict
from tacho.verify.rules import Rules
from tacho.verify.wire import Fields

STILL_GOING_MS = 60_000
_WHO = ("car_id", "driver_id", "brand_name", "model_name", "color_name")


class Counted(NamedTuple):
    """A sample that an episode counts. moment: its number among what happened to the car."""

    moment: int
    sample: Fields
    rule: Rule
    rules: Rules
    verdict: Verdict

    @property
    def time(self) -> int:
        """Its event time."""
        return int(self.sample["event_time"])


class Closing(NamedTuple):
    """The end of an episode."""

    moment: int
    reason: str
    closed_at: int
    rules: Rules


class Told(NamedTuple):
    """An AlertEpisode, and where it belongs: the moment it tells of, and the place of its rule in the file."""

    moment: int
    place: int
    record: Fields


@dataclass
class Episode:
    """A violation that opened. `counted` begins with its first violating sample, at `opening` it opened."""

    counted: list[Counted]
    opening: int
    closing: Closing | None = None
    corrections: list[Counted] = field(default_factory=list)
    """Stragglers."""

    @property
    def opened_at(self) -> int:
        """Event time of its first violating sample."""
        return self.counted[0].time

    def last_seen_before(self, moment: int) -> int:
        """Event time of the newest sample counted before this moment."""
        return next(one.time for one in reversed(self.counted) if one.moment < moment)

    def takes(self, moment: int, time: int) -> bool:
        """Whether a straggler of this event time, looked at at this moment after the opening, corrects it."""
        if self.closing is not None and moment > self.closing.moment:
            return False
        return self.opened_at <= time <= self.last_seen_before(moment)

    def events(self) -> list[Told]:
        """What is told of it, from its opening on."""
        teller = _Teller(self.counted[0])
        late = {one.moment for one in self.corrections}
        for one in sorted(self.counted + self.corrections, key=lambda one: one.moment):
            straggles = one.moment in late
            raised = teller.count(one, straggles)
            if one.moment == self.opening:
                teller.tell("OPENED", one.moment, one.rules)
                teller.told_at = one.time
            elif straggles:
                teller.tell("UPDATED", one.moment, one.rules)
            elif one.moment > self.opening and (raised or one.time - teller.told_at >= STILL_GOING_MS):
                teller.tell("UPDATED", one.moment, one.rules)
                teller.told_at = one.time
        if self.closing is not None:
            teller.tell("CLOSED", self.closing.moment, self.closing.rules, self.closing)
        return teller.told


def late_episode(straggler: Counted) -> Told:
    """The one event of a straggler that no open episode takes."""
    teller = _Teller(straggler)
    teller.count(straggler, straggles=True)
    closing = Closing(straggler.moment, "late", straggler.time, straggler.rules)
    teller.tell("CLOSED", straggler.moment, straggler.rules, closing)
    return teller.told[0]


class _Teller:
    """The figures of an episode as far as it has been told."""

    def __init__(self, first: Counted) -> None:
        self.told: list[Told] = []
        self.told_at = first.time
        self._rule = first.rule
        self._excess = float("-inf")
        self._fields: Fields = {
            "episode_id": f"{first.sample['car_id']}-{first.sample['sequence']}/{first.rule.id}",
            **{name: first.sample[name] for name in _WHO},
            **{"rule": first.rule.id, "severity": first.rule.severity, "limit": first.verdict.limit},
            **{"opened_at": first.time, "last_seen_at": first.time, "samples": 0, "late_samples": 0},
        }

    def count(self, one: Counted, straggles: bool) -> bool:
        """Count a sample; whether the severity rises with it."""
        fields = self._fields
        fields["samples"] += 1
        fields["late_samples"] += straggles
        fields["last_seen_at"] = max(fields["last_seen_at"], one.time)
        if one.verdict.excess > self._excess:
            self._excess = one.verdict.excess
            fields |= {"peak": one.verdict.observed, "peak_at": one.time}
        escalation = one.rule.escalation
        raised = one.rule.reaches(one.verdict, one.time - fields["opened_at"])
        if escalation is None or not raised or fields["severity"] == escalation.severity:
            return False
        fields["severity"] = escalation.severity
        return True

    def tell(self, state: str, moment: int, rules: Rules, closing: Closing | None = None) -> None:
        """Add the next event."""
        record = {
            **self._fields,
            **{"revision": len(self.told) + 1, "state": state, "rules_version": rules.version},
            "closed_at": closing and closing.closed_at,
            "close_reason": closing and closing.reason,
        }
        self.told.append(Told(moment, rules.place(self._rule.id), record))
