"""What happens to one car, in the order in which it is looked at: docs/rules.md, "When a sample is judged".

Only the order: nothing here knows what an episode is. Log time and event time are ms since the epoch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from tacho.verify.rule import ACCELERATION, Rule
from tacho.verify.rules import History, Rules
from tacho.verify.wire import Fields

MOST_WAITING = 64
MOST_GAPS = 16
LONGEST_STEP_MS = 3_000


class Judged(NamedTuple):
    """A sample in its place, with its acceleration, and the rules in force for it."""

    sample: Fields
    rules: Rules


class Straggler(NamedTuple):
    """A sample whose place has passed."""

    sample: Fields
    rules: Rules


class Heard(NamedTuple):
    """A new sample has come, at this log time."""

    at: int
    rules: Rules


class Silence(NamedTuple):
    """The car has been silent for so long that what is open closes."""

    rules: Rules


class SilentCar(NamedTuple):
    """A silent-car rule is due; since: the car's last word; sample: the one judged last."""

    rule: Rule
    since: int
    sample: Fields
    rules: Rules


class NewRules(NamedTuple):
    """The next sample judged, of event time `at`, is the first one under other rules."""

    before: Rules
    after: Rules
    at: int

    def ends(self, rule_id: str) -> str | None:
        """Why an episode of this rule closes with the change; None when it goes on."""
        before, after = self.before.by_id.get(rule_id), self.after.by_id.get(rule_id)
        if before is None or (after is not None and after.definition == before.definition):
            return None
        return "rule-removed" if after is None else "rule-changed"


Moment = Judged | Straggler | Heard | Silence | SilentCar | NewRules


@dataclass
class Gap:
    """Sequences that never came, both included, and the log time at which they are no longer waited for."""

    first: int
    last: int
    due_at: int


def moments_of(arrivals: Iterable[tuple[int, Fields]], end: int, history: History) -> list[Moment]:
    """All that happens to a car. arrivals: each of its samples in the log's order, with the log time at which it came;
    end: log time at the end of the log."""
    replay = _Replay(history)
    for now, sample in arrivals:
        replay.time_passes(now)
        replay.arrives(sample, now)
    replay.time_passes(end)
    return replay.moments


class _Replay:
    def __init__(self, history: History) -> None:
        self.moments: list[Moment] = []
        self._history = history
        self._time = 0
        self._last: Judged | None = None
        self._highest = 0
        self._last_word = 0
        self._gaps: list[Gap] = []
        self._waiting: dict[int, Fields] = {}
        self._done: set[str] = set()
        """What silence has led to since a sample last came or was judged: rules by id, "" for the closings."""

    def arrives(self, sample: Fields, now: int) -> None:
        self._time = now
        sequence = sample["sequence"]
        if self._last is None:
            self._highest, self._last_word = sequence, now
            self._judge(sample)
            return
        if not self._is_new(sequence, sample["event_time"]):
            return
        self.moments.append(Heard(now, self._last.rules))
        self._last_word = now
        self._done = set()
        self._waiting[sequence] = sample
        self._look_at_those_that_need_not_wait()
        if len(self._waiting) > MOST_WAITING:
            self._open_gaps()[0].due_at = now
            self._look_at_those_that_need_not_wait()

    def _is_new(self, sequence: int, event_time: int) -> bool:
        """Whether the sample was still missing; the gaps are brought up to date."""
        if sequence > self._highest:
            if sequence > self._highest + 1:
                due_at = self._time + self._history.at(event_time).wait_ms
                self._gaps.append(Gap(self._highest + 1, sequence - 1, due_at))
            self._highest = sequence
        else:
            gap = next((gap for gap in self._gaps if gap.first <= sequence <= gap.last), None)
            if gap is None:
                return False
            halves = [Gap(gap.first, sequence - 1, gap.due_at), Gap(sequence + 1, gap.last, gap.due_at)]
            place = self._gaps.index(gap)
            self._gaps[place : place + 1] = [half for half in halves if half.first <= half.last]
        self._gaps = self._gaps[-MOST_GAPS:]
        return True

    def time_passes(self, to: int) -> None:
        """Do all that is due by log time `to`, the earliest first."""
        while self._last is not None:
            rules = self._last.rules
            silent = [rule for rule in rules.rules if rule.silent and rule.id not in self._done]
            due = [(gap.due_at, 0, 0) for gap in self._open_gaps()]
            if not self._waiting:
                if "" not in self._done:
                    due.append((self._after_last_word(rules.silent_after_ms), 1, 0))
                due += [(self._after_last_word(rule.silent_for_ms or 0), 2, i) for i, rule in enumerate(silent)]
            when, what, place = min(due, default=(to + 1, 0, 0))
            if when > to:
                return
            self._time = when
            if what == 0:
                self._look_at_those_that_need_not_wait()
            elif what == 1:
                self._done.add("")
                self.moments.append(Silence(rules))
            else:
                self._done.add(silent[place].id)
                self.moments.append(SilentCar(silent[place], self._last_word, self._last.sample, rules))

    def _after_last_word(self, ms: int) -> int:
        """When the car has been silent for so long; now, if that was while its samples waited."""
        return max(self._last_word + ms, self._time)

    def _open_gaps(self) -> list[Gap]:
        """Gaps that are still waited for, the oldest first; their samples have the lowest sequences too."""
        return [gap for gap in self._gaps if gap.due_at > self._time]

    def _look_at_those_that_need_not_wait(self) -> None:
        barrier = min((gap.first for gap in self._open_gaps()), default=inf)
        for sequence in sorted(sequence for sequence in self._waiting if sequence < barrier):
            self._look_at(self._waiting.pop(sequence))

    def _look_at(self, sample: Fields) -> None:
        last = self._last.sample if self._last else sample
        if sample["sequence"] < last["sequence"] or sample["event_time"] < last["event_time"]:
            self.moments.append(Straggler(sample, self._history.at(sample["event_time"])))
        else:
            self._judge(sample)

    def _judge(self, sample: Fields) -> None:
        rules = self._history.at(sample["event_time"])
        last = self._last
        if last is not None:
            if sample["event_time"] - last.sample["event_time"] > last.rules.silent_after_ms:
                self.moments.append(Silence(last.rules))
            if rules is not last.rules:
                self.moments.append(NewRules(last.rules, rules, sample["event_time"]))
        before = last.sample if last else None
        self._last = Judged({**sample, ACCELERATION: acceleration(before, sample)}, rules)
        self.moments.append(self._last)
        self._done = set()


def acceleration(before: Fields | None, sample: Fields) -> float | None:
    """Change of speed since the sample judged just before, m/s2; None when nothing can be said."""
    if before is None or not 0 < sample["event_time"] - before["event_time"] <= LONGEST_STEP_MS:
        return None
    change = (sample["speed"] - before["speed"]) / 3.6
    return float(change / ((sample["event_time"] - before["event_time"]) / 1000))
