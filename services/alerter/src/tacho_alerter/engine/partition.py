"""One partition of the log: its time, its cars, and what follows from each record. Pure: same records, same events.

Live, backtest and tests all drive this class, record by record in log order.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush

from tacho_alerter.engine.acceleration import acceleration
from tacho_alerter.engine.car import Arrival, Car, Sample
from tacho_alerter.engine.episodes import close, judge, know, straggle
from tacho_alerter.engine.order import Place, place, ready, wait_due
from tacho_alerter.engine.silence import end_for_silence, fall_silent, silence_due, speak_again
from tacho_alerter.engine.told import Alerted, Event
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.ruleset import RuleSet


class Partition:
    """The cars of one partition, and how far its log time has come."""

    def __init__(
        self, history: RulesHistory, decode: Callable[[bytes], Sample], time: int = 0, cars: Iterable[Car] = ()
    ) -> None:
        """`decode` reads an enriched sample; `time` is the log time, ms, and `cars` the states at which to go on."""
        self.decode = decode
        self.history = history
        """May be replaced by one that says the same of the past."""
        self.time = time
        self.cars: dict[int, Car] = {}
        self.changed: set[int] = set()
        """Cars whose state is another than when this set was last emptied, by the owner."""
        self._alarms: list[tuple[int, int]] = []
        for car in cars:
            self.cars[car.car_id] = car
            self._set_alarm(car)

    def heartbeat(self, at: int) -> list[Event]:
        """Log time passes, to `at` ms if that is later."""
        out: list[Event] = []
        self._advance(at, out)
        return out

    def take(self, sample: Sample, value: bytes) -> list[Event]:
        """One enriched sample, and the bytes it was decoded from, as it comes in the log."""
        out: list[Event] = []
        self._advance(sample["logged_at"], out)
        rules = self.history.at(sample["event_time"])
        out += at_once(sample, rules)
        car = self.cars.get(sample["car_id"])
        if car is None:
            car = self.cars[sample["car_id"]] = _new(sample, value, self.time)
            self._judge(car, Arrival(sample, value), rules, None, out)
        elif not self._arrive(car, Arrival(sample, value), rules, out):
            return out
        self.changed.add(car.car_id)
        self._set_alarm(car)
        return out

    def _arrive(self, car: Car, arrival: Arrival, rules: RuleSet, out: list[Event]) -> bool:
        """Whether the sample is new; `rules` are those in force for it."""
        before = self.history.at(car.event_time)
        # Nearly always it is the next one, and no gap is open before it: behind an open one samples wait.
        following = arrival.sample["sequence"] == car.highest + 1 and not car.waiting
        if following:
            car.highest += 1
            found = Place.WAITING
        else:
            found = place(car, arrival, self.time, rules.wait_ms)
        if found is Place.REPEAT:
            return False
        if car.tracks:
            speak_again(car, before, self.time, out)
        car.heard_at = self.time
        if found is Place.PASSED:
            straggle(car, arrival.sample, rules, out)
        elif following:
            self._judge_next(car, arrival, rules, before, out)
        else:
            self._judge_ready(car, out)
        return True

    def _judge_ready(self, car: Car, out: list[Event]) -> None:
        for arrival in ready(car, self.time):
            rules = self.history.at(arrival.sample["event_time"])
            self._judge_next(car, arrival, rules, self.history.at(car.event_time), out)

    def _judge_next(self, car: Car, arrival: Arrival, rules: RuleSet, before: RuleSet, out: list[Event]) -> None:
        if arrival.sample["event_time"] < car.event_time:
            straggle(car, arrival.sample, rules, out)
        else:
            self._judge(car, arrival, rules, before, out)

    def _judge(self, car: Car, arrival: Arrival, rules: RuleSet, before: RuleSet | None, out: list[Event]) -> None:
        """Judge a sample in its order; `before` are the rules of the one before, None for the car's first."""
        sample, at = arrival.sample, arrival.sample["event_time"]
        if before is not None and car.tracks:
            if at - car.event_time > before.silent_after_ms:
                end_for_silence(car, before, out)
            if rules is not before:
                _change_rules(car, before, rules, at, out)
        sample["acceleration"] = acceleration(sample["speed"], car.speed, at - car.event_time)
        judge(car, sample, rules, out)
        car.sequence, car.event_time, car.speed = sample["sequence"], at, sample["speed"]
        car.who, car.said = None, arrival.value

    def _advance(self, to: int, out: list[Event]) -> None:
        """Let log time pass; what becomes due on the way happens in the order of its time, then of the cars."""
        if to <= self.time:
            return
        while self._alarms and self._alarms[0][0] <= to:
            due, car_id = heappop(self._alarms)
            car = self.cars[car_id]
            if due != car.alarm:
                continue
            car.alarm = None
            if self._due(car) == due:
                self.time = due
                self._happen(car, due, out)
            self._set_alarm(car)
        self.time = to

    def _happen(self, car: Car, due: int, out: list[Event]) -> None:
        self._judge_ready(car, out)
        fall_silent(car, know(car, self.decode), self.history.at(car.event_time), due, out)
        self.changed.add(car.car_id)

    def _due(self, car: Car) -> int | None:
        dues = wait_due(car), silence_due(car, self.history.at(car.event_time))
        return min((due for due in dues if due is not None), default=None)

    def _set_alarm(self, car: Car) -> None:
        """See to it that the car is looked at in time; an alarm that is too early is only looked at in vain."""
        if car.alarm is not None and not car.waiting:
            soonest = car.heard_at + self.history.at(car.event_time).shortest_silence_ms
            if car.alarm <= soonest:
                return
        due = self._due(car)
        if due is not None and (car.alarm is None or due < car.alarm):
            car.alarm = due
            heappush(self._alarms, (due, car.car_id))


def at_once(sample: Sample, rules: RuleSet) -> Iterator[Alerted]:
    """The alerts of the rules that wait for nothing."""
    for rule, broken_limit in rules.instant:
        limit = broken_limit(sample)
        if limit is not None:
            yield Alerted(sample, rule, rule.verdict(sample).observed, limit, rules.version)


def _new(sample: Sample, value: bytes, time: int) -> Car:
    sequence = sample["sequence"]
    return Car(sample["car_id"], sequence, time, sequence, sample["event_time"], sample["speed"], None, value)


def _change_rules(car: Car, before: RuleSet, rules: RuleSet, at: int, out: list[Event]) -> None:
    for known in before.rules:
        track, rule = car.tracks.get(known.id), rules.by_id.get(known.id)
        if track is None or (rule is not None and rule.definition == track.definition):
            continue
        if track.active:
            track.rules_version = before.version
            close(car, track, None, "rule-removed" if rule is None else "rule-changed", at, out)
        else:
            car.forget(track)
