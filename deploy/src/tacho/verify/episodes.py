"""All that one partition's log leads to beyond alerts at once: alerts of ordered rules, and every event of an episode.

Car by car: first all that happens to it in order (`moments`), then for each rule its episodes, found by looking along
the samples judged; then what is told of each.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

from tacho.verify.episode import Closing, Counted, Episode, Told, late_episode
from tacho.verify.moments import Judged, Moment, NewRules, Silence, Straggler, moments_of
from tacho.verify.rule import Rule, Standing
from tacho.verify.rules import History, alert_of
from tacho.verify.silent_cars import silences
from tacho.verify.wire import Fields

Stretch = tuple[list[Counted], Closing | None]
"""Samples judged under one definition of a rule without a silence between them, and what ended it: with `closed_at`
of an episode open then (for a silence -1: its own `last_seen_at` is meant), None at the end of the log."""


class Outcome(NamedTuple):
    """What a partition's log leads to, in the order in which it must appear for each car."""

    alerts: list[tuple[Rule, Fields]]
    episodes: list[Fields]


def outcome_of(log: Iterable[int | Fields], history: History) -> Outcome:
    """log: heartbeats as their time in ms, and enriched samples, as they come."""
    arrivals: dict[int, list[tuple[int, Fields]]] = {}
    time = 0
    for event in log:
        time = max(time, event if isinstance(event, int) else event["logged_at"])
        if not isinstance(event, int):
            arrivals.setdefault(event["car_id"], []).append((time, event))
    outcome = Outcome([], [])
    for of_car in arrivals.values():
        _add_car(moments_of(of_car, time, history), history, outcome)
    return outcome


def _add_car(moments: Sequence[Moment], history: History, outcome: Outcome) -> None:
    told: list[Told] = []
    alerts: list[tuple[int, Counted]] = []
    for rule_id in dict.fromkeys(rule.id for rules in history.versions for rule in rules.rules):
        episodes = list(episodes_of(rule_id, moments))
        told += _give_out_stragglers(rule_id, moments, episodes)
        told += [event for episode in episodes for event in episode.events()]
        told += silences(rule_id, moments)
        alerts += [(one.moment, one) for episode in episodes for one in _alerting(episode)]
    outcome.episodes.extend(event.record for event in sorted(told, key=lambda event: event[:2]))
    for _, one in sorted(alerts, key=lambda alert: alert[0]):
        outcome.alerts.append((one.rule, alert_of(one.rule, one.sample, one.verdict, one.rules.version)))


def _alerting(episode: Episode) -> Iterator[Counted]:
    """Its samples that lead to an alert of their own, where that could not be written at once."""
    for one in episode.counted:
        if one.moment >= episode.opening and one.verdict.standing is Standing.VIOLATES and not one.rule.instant:
            yield one


def _give_out_stragglers(rule_id: str, moments: Sequence[Moment], episodes: list[Episode]) -> Iterator[Told]:
    """Each straggler goes to the episode it corrects; for the others, the episode of its own that it is."""
    for number, moment in enumerate(moments):
        rule = moment.rules.by_id.get(rule_id) if isinstance(moment, Straggler) else None
        if not isinstance(moment, Straggler) or rule is None or rule.silent or rule.derived:
            continue
        straggler = Counted(number, moment.sample, rule, moment.rules, rule.verdict(moment.sample))
        if straggler.verdict.standing is not Standing.VIOLATES:
            continue
        newest = bisect_left(episodes, number, key=lambda episode: episode.opening) - 1
        if newest >= 0 and episodes[newest].takes(number, straggler.time):
            episodes[newest].corrections.append(straggler)
        elif not rule.sustain_ms:
            yield late_episode(straggler)


def episodes_of(rule_id: str, moments: Sequence[Moment]) -> Iterator[Episode]:
    """The episodes of one car under one rule, as the judged samples make them."""
    free_from = -inf
    for samples, cut in _stretches(rule_id, moments):
        at = 0
        while (violation := _next_violation(samples, at, free_from)) is not None:
            first, opening = violation
            episode, at = _follow(samples, first, opening, cut)
            yield episode
            if episode.closing is not None:
                free_from = episode.closing.closed_at + samples[first].rule.cooldown_ms
        if cut is not None and cut.reason != "silent":
            free_from = -inf


def _stretches(rule_id: str, moments: Sequence[Moment]) -> Iterator[Stretch]:
    samples: list[Counted] = []
    for number, moment in enumerate(moments):
        cut: Closing | None = None
        if isinstance(moment, Judged):
            rule = moment.rules.by_id.get(rule_id)
            if rule is None or rule.silent:
                continue
            verdict = rule.verdict(moment.sample)
            if verdict.standing is not Standing.UNKNOWN:
                samples.append(Counted(number, moment.sample, rule, moment.rules, verdict))
        elif isinstance(moment, Silence):
            cut = Closing(number, "silent", -1, moment.rules)
        elif isinstance(moment, NewRules) and (reason := moment.ends(rule_id)):
            cut = Closing(number, reason, moment.at, moment.before)
        if cut is not None:
            yield samples, cut
            samples = []
    yield samples, None


def _next_violation(samples: list[Counted], at: int, free_from: float) -> tuple[int, int] | None:
    """Index of the first sample of the next violation that opens, and of the one it opens on."""
    first: int | None = None
    for index in range(at, len(samples)):
        one = samples[index]
        if one.verdict.standing is not Standing.VIOLATES or one.time < free_from:
            first = None
            continue
        first = index if first is None else first
        if one.time - samples[first].time >= one.rule.sustain_ms:
            return first, index
    return None


def _follow(samples: list[Counted], first: int, opening: int, cut: Closing | None) -> tuple[Episode, int]:
    """The episode that opens there, to its end, and the index at which to look for the next one."""
    episode = Episode(samples[first : opening + 1], samples[opening].moment)
    cleared_at: int | None = None
    for index in range(opening + 1, len(samples)):
        one = samples[index]
        standing = one.verdict.standing
        if standing is Standing.VIOLATES or (standing is Standing.HOLDS and cleared_at is None):
            episode.counted.append(one)
            cleared_at = None
            continue
        cleared_at = one.time if cleared_at is None else cleared_at
        if one.time - cleared_at >= one.rule.clear_ms:
            episode.closing = Closing(one.moment, "recovered", cleared_at, one.rules)
            return episode, index + 1
    if cut is not None:
        closed_at = episode.counted[-1].time if cut.reason == "silent" else cut.closed_at
        episode.closing = cut._replace(closed_at=closed_at)
    return episode, len(samples)
