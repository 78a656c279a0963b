"""Silence: what happens when a car says nothing while log time goes on. docs/rules.md, "silent" and "silent-car"."""

from tacho_alerter.engine.car import COOLING, OPEN, Car, Track, Who
from tacho_alerter.engine.episodes import close
from tacho_alerter.engine.told import OPENED, Event, told
from tacho_alerter.rules.rule import Rule
from tacho_alerter.rules.ruleset import RuleSet


def silence_due(car: Car, rules: RuleSet) -> int | None:
    """The log time, ms, at which something follows from the car's silence; None when nothing will.

    Nothing does while samples of the car wait: it may have said more than was judged.
    """
    due = None
    if car.waiting:
        return None
    for rule in rules.silent:
        if rule.id not in car.tracks and rule.silent_for_ms is not None:
            due = rule.silent_for_ms if due is None else min(due, rule.silent_for_ms)
    if (due is None or rules.silent_after_ms < due) and _closable(car, rules):
        due = rules.silent_after_ms
    return None if due is None else car.heard_at + due


def fall_silent(car: Car, whose: Who, rules: RuleSet, due: int, out: list[Event]) -> None:
    """What is due by `due`: open episodes close, then silent-car rules open theirs. whose: the car, as it was last."""
    if car.waiting:
        return
    if due >= car.heard_at + rules.silent_after_ms:
        end_for_silence(car, rules, out)
    for rule in rules.silent:
        if rule.id not in car.tracks and rule.silent_for_ms is not None and due >= car.heard_at + rule.silent_for_ms:
            track = _silence(car, whose, rule, rule.silent_for_ms, rules)
            car.follow(track)
            out.append(told(car.car_id, track, OPENED))


def end_for_silence(car: Car, rules: RuleSet, out: list[Event]) -> None:
    """Close the car's open episodes as silent and drop what is pending; cooling goes on."""
    for track in _closable(car, rules):
        if track.active:
            track.rules_version = rules.version
            close(car, track, rules.by_id.get(track.rule), "silent", track.last_seen_at, out)
        else:
            car.forget(track)


def speak_again(car: Car, rules: RuleSet, time: int, out: list[Event]) -> None:
    """A new sample of the car has come at log time `time`: its silences are over."""
    for rule in rules.silent:
        track = car.tracks.get(rule.id)
        if track is not None:
            seconds = (time - track.opened_at) / 1000
            track.peak, track.peak_at = seconds, time
            track.rules_version = rules.version
            close(car, track, None, "recovered", time, out)


def _closable(car: Car, rules: RuleSet) -> list[Track]:
    """Tracks that silence ends, in the order of the file."""
    if not car.tracks:
        return []
    found = (car.tracks.get(rule.id) for rule in rules.ordered)
    return [track for track in found if track is not None and track.phase != COOLING]


def _silence(car: Car, whose: Who, rule: Rule, silent_for_ms: int, rules: RuleSet) -> Track:
    seconds = silent_for_ms / 1000
    return Track(
        rule=rule.id,
        definition=rule.definition,
        phase=OPEN,
        # Two silences may follow one judged sample, never one last word.
        sequence=car.heard_at,
        who=whose,
        opened_at=car.heard_at,
        last_seen_at=car.heard_at,
        since=car.heard_at,
        told_at=car.heard_at,
        revision=0,
        samples=0,
        late_samples=0,
        peak=seconds,
        peak_at=car.heard_at,
        excess=seconds,
        limit=seconds,
        severity=rule.severity,
        rules_version=rules.version,
    )
