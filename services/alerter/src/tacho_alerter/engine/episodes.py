"""The life of an episode: one judged sample of a car against one rule. docs/rules.md, "An episode"."""

from collections.abc import Callable, Mapping
from sys import intern
from typing import Any

from tacho_alerter.engine.car import CLEARING, COOLING, OPEN, PENDING, Car, Sample, Track, Who
from tacho_alerter.engine.told import CLOSED, OPENED, UPDATED, Alerted, Event, told
from tacho_alerter.rules.rule import Rule, Standing, Verdict
from tacho_alerter.rules.ruleset import SEVERITIES, RuleSet

STILL_GOING_MS = 60_000
"""An open episode that nothing else is told of is told of again after so much event time."""


def who(sample: Mapping[str, Any]) -> Who:
    """Whose a sample is, or anything else with these four fields."""
    # A fleet has few models and colours: one text serves all of its cars.
    texts = sample["brand_name"], sample["model_name"], sample["color_name"]
    return Who(sample["driver_id"], *[None if text is None else intern(text) for text in texts])


def know(car: Car, decode: Callable[[bytes], Sample]) -> Who:
    """Whose the car is, read from the sample judged last where nobody needed it before."""
    if car.who is None:
        car.who, car.said = who(decode(car.said)), b""
    return car.who


def judge(car: Car, sample: Sample, rules: RuleSet, out: list[Event]) -> None:
    """One sample in its order against every rule; what is to be told is added to `out`."""
    for rule in rules.ordered:
        track = car.tracks.get(rule.id)
        if track is not None and track.phase == COOLING and sample["event_time"] >= track.since:
            car.forget(track)
            track = None
        if track is not None:
            _go_on(car, track, sample, rule, rules, out)
            continue
        limit = rule.broken_limit(sample)
        if limit is not None:
            _begin(car, sample, rule, rules, limit, out)


def close(car: Car, track: Track, rule: Rule | None, reason: str, closed_at: int, out: list[Event]) -> None:
    """End the episode of an active track. With a rule that cools down the track stays, else the rule is idle."""
    out.append(told(car.car_id, track, CLOSED, reason, closed_at))
    if rule is not None and rule.cooldown_ms:
        track.phase, track.since = COOLING, closed_at + rule.cooldown_ms
    else:
        car.forget(track)


def straggle(car: Car, sample: Sample, rules: RuleSet, out: list[Event]) -> None:
    """A sample whose place has passed: it corrects an episode that is still open, or stands for itself."""
    for rule in rules.ordered:
        limit = None if rule.derived else rule.broken_limit(sample)
        if limit is None:
            continue
        track = car.tracks.get(rule.id)
        if track is not None and track.active and track.opened_at <= sample["event_time"] <= track.last_seen_at:
            _count(track, rule, sample, rule.verdict(sample))
            track.late_samples += 1
            track.rules_version = rules.version
            out.append(told(car.car_id, track, UPDATED))
        elif not rule.sustain_ms:
            alone = _track(sample, rule, rules, limit, OPEN)
            _count(alone, rule, sample, rule.verdict(sample))
            alone.late_samples = 1
            out.append(told(car.car_id, alone, CLOSED, "late", alone.opened_at))


def _begin(car: Car, sample: Sample, rule: Rule, rules: RuleSet, limit: float, out: list[Event]) -> None:
    track = _track(sample, rule, rules, limit, PENDING if rule.sustain_ms else OPEN)
    car.follow(track)
    verdict = rule.verdict(sample)
    _count(track, rule, sample, verdict)
    if track.phase == OPEN:
        _open(car, track, sample, rule, verdict, rules, out)


def _track(sample: Sample, rule: Rule, rules: RuleSet, limit: float, phase: str) -> Track:
    """A track that starts with this sample and has not counted it yet."""
    at = sample["event_time"]
    return Track(
        rule=rule.id,
        definition=rule.definition,
        phase=phase,
        sequence=sample["sequence"],
        who=who(sample),
        opened_at=at,
        last_seen_at=at,
        since=at,
        told_at=at,
        revision=0,
        samples=0,
        late_samples=0,
        peak=0.0,
        peak_at=at,
        excess=float("-inf"),
        limit=limit,
        severity=rule.severity,
        rules_version=rules.version,
    )


def _go_on(car: Car, track: Track, sample: Sample, rule: Rule, rules: RuleSet, out: list[Event]) -> None:
    verdict = rule.verdict(sample)
    standing = verdict.standing
    if standing is Standing.UNKNOWN or track.phase == COOLING:
        return
    track.rules_version = rules.version
    at = sample["event_time"]
    if track.phase == PENDING:
        if standing is not Standing.VIOLATES:
            car.forget(track)
            return
        _count(track, rule, sample, verdict)
        if at - track.opened_at >= rule.sustain_ms:
            _open(car, track, sample, rule, verdict, rules, out)
    elif standing is Standing.VIOLATES or (standing is Standing.HOLDS and track.phase == OPEN):
        track.phase, track.since = OPEN, track.opened_at
        _keep(car, track, sample, rule, verdict, rules, out)
    else:
        if track.phase == OPEN:
            track.phase, track.since = CLEARING, at
        if at - track.since >= rule.clear_ms:
            close(car, track, rule, "recovered", track.since, out)


def _open(
    car: Car, track: Track, sample: Sample, rule: Rule, verdict: Verdict, rules: RuleSet, out: list[Event]
) -> None:
    track.phase = OPEN
    track.told_at = sample["event_time"]
    _alert(sample, rule, verdict, rules, out)
    out.append(told(car.car_id, track, OPENED))


def _keep(
    car: Car, track: Track, sample: Sample, rule: Rule, verdict: Verdict, rules: RuleSet, out: list[Event]
) -> None:
    severity = track.severity
    _count(track, rule, sample, verdict)
    if verdict.standing is Standing.VIOLATES:
        _alert(sample, rule, verdict, rules, out)
    if track.severity != severity or sample["event_time"] - track.told_at >= STILL_GOING_MS:
        track.told_at = sample["event_time"]
        out.append(told(car.car_id, track, UPDATED))


def _alert(sample: Sample, rule: Rule, verdict: Verdict, rules: RuleSet, out: list[Event]) -> None:
    # The alerts of instant rules went out when the sample came.
    if not rule.instant:
        out.append(Alerted(sample, rule, verdict.observed, verdict.limit, rules.version))


def _count(track: Track, rule: Rule, sample: Sample, verdict: Verdict) -> None:
    at = sample["event_time"]
    track.samples += 1
    track.last_seen_at = max(track.last_seen_at, at)
    excess = rule.excess(verdict.observed, verdict.limit)
    if excess > track.excess:
        track.peak, track.peak_at, track.excess = verdict.observed, at, excess
    step = rule.escalation
    if step is None or SEVERITIES.index(step.severity) <= SEVERITIES.index(track.severity):
        return
    lasted = step.after_ms is not None and at - track.opened_at >= step.after_ms
    if lasted or (step.at is not None and rule.beyond(verdict.observed, step.at)):
        track.severity = step.severity
