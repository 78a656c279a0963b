"""Random rules files: few rules, with levels and durations that the generated logs often meet exactly."""

from copy import deepcopy
from random import Random
from typing import Any

import yaml

BASE_SECONDS = 1_795_392_000  # Monday 2026-11-23 00:00 UTC, so that hours of the day begin within a log.
CARS = (1_000_001, 1_000_002, 1_000_003)

Entry = dict[str, Any]
Version = tuple[int, str]
"""Effective time in ms, and the text of the file."""

_CONDITIONS = [
    "speed > 50",
    "gear > 0",
    "rpm / speed > 25",
    "not late and 1000 < rpm < 4000",
    'model_name == "3" or gear == 1',
    "expected_gear > 2 and rpm > 1500",
    "not acceleration < -4",
    "acceleration > 0 or rpm > 3000",
]
_ACTIVE = [
    {"hours": "00:01-00:02"},
    {"hours": "23:00-00:01", "days": "sun"},
    {"days": ["tue"]},
    {"days": "sun-mon", "zone": "Asia/Kolkata", "hours": "05:30-05:31"},
]
_LIMITS = [
    {"models": {"Mazda 3": {"above": 130, "until": 115}}},
    {"cars": {CARS[0]: {"above": "95 km/h"}}, "models": {"Opel Corsa": {"above": 130}}},
    {"cars": {CARS[1]: {"until": 60}}, "models": {"Mazda 3": {"above": 110}}},
]
_HEADS = [(60, 5), (60, 0), (10, 2), (5, 5), (20, 10)]


def history(random: Random) -> list[Version]:
    """One to four versions: each after the first drops, changes, adds and reorders rules of the one before."""
    rules = [_entry(random, f"r{number}") for number in range(random.randint(1, 5))]
    versions = [(0, _text(random, rules))]
    for _ in range(random.choice([0, 0, 1, 2, 3])):
        rules = [changed for rule in rules if (changed := _changed(random, rule)) is not None]
        if random.random() < 0.3 and all(rule["id"] != "new" for rule in rules):
            rules.append(_entry(random, "new"))
        random.shuffle(rules)
        versions.append(((BASE_SECONDS + random.randint(1, 80)) * 1000, _text(random, rules)))
    return versions


def _text(random: Random, rules: list[Entry]) -> str:
    silent_after, wait = random.choice(_HEADS)
    # Copies, as YAML would write what is there twice as an alias.
    file = {"silent_after": f"{silent_after} s", "wait": f"{wait} s", "rules": [deepcopy(rule) for rule in rules]}
    return yaml.safe_dump(file, sort_keys=False)


def _changed(random: Random, rule: Entry) -> Entry | None:
    what = random.choice(["stay", "stay", "stay", "go", "another", "a little"])
    if what == "stay":
        return rule
    if what == "a little" and "measure" in rule:
        return rule | {"clear": random.choice(["1 s", "2 s"])}
    return None if what == "go" else _entry(random, rule["id"])


def _entry(random: Random, rule_id: str) -> Entry:
    entry: Entry = {"id": rule_id, "severity": random.choice(["info", "warning"])}
    if random.random() < 0.15:
        return entry | {"silent_for": random.choice(["2 s", "5 s", "10 s", "40 s"])}
    entry |= _level(random)
    for name, durations in (
        ("sustain", ["1 s", "2 s", "5 s"]),
        ("clear", ["1 s", "3 s", "20 s"]),
        ("cooldown", ["3 s", "30 s"]),
    ):
        if random.random() < 0.4:
            entry[name] = random.choice(durations)
    if "when" not in entry and random.random() < 0.3:
        entry["when"] = random.choice(_CONDITIONS)
    if random.random() < 0.1:
        entry["active"] = random.choice(_ACTIVE)
    if entry["measure"] == "speed" and "above" in entry and random.random() < 0.4:
        entry["limits"] = random.choice(_LIMITS)
    if random.random() < 0.4:
        entry["escalate"] = {"severity": "critical"} | random.choice(_escalations(entry))
    return entry


def _level(random: Random) -> Entry:
    above: Entry = {"measure": "speed", "above": random.choice([90, "100 km/h", 110])}
    below: Entry = {"measure": "rpm", "below": 1500}
    others: list[Entry] = [
        {"measure": "gear", "outside": ["gear_low", "gear_high"]},
        {"measure": "speed", "outside": [45, 110]},
        {"measure": "acceleration", "below": "-4 m/s2"},
        {"measure": "acceleration", "above": 3},
        {"measure": "expected_gear", "above": 2},
        {"measure": random.choice(["speed", "expected_gear"]), "when": random.choice(_CONDITIONS)},
    ]
    return random.choice([above, above | {"until": random.choice([50, "80 km/h"])}, below | {"until": 3000}, *others])


def _escalations(entry: Entry) -> list[Entry]:
    told: list[Entry] = [{"after": "2 s"}, {"after": "1 min"}]
    at = 140 if "above" in entry else 1000
    if entry["measure"] in ("speed", "rpm") and {"above", "below"} & entry.keys():
        told += [{"at": at}, {"at": at, "after": "5 s"}]
    return told
