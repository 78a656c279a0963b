"""Reading a rules file: every mistake is refused with file, line, rule and what to do about it."""

import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

import yaml

from tacho_alerter.rules import Bound, Rule, RuleSet
from tacho_contracts.catalogue import Catalogue
from tacho_contracts.schemas import schema_text

SEVERITIES = ("info", "warning", "critical")
_KEYS = ("id", "field", "above", "below", "outside", "except", "severity", "topics")
_RANGES = ("above", "below", "outside")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class RulesError(Exception):
    """The rules file cannot be used; the process must not start. The text says where and what to do."""


def load_rules(path: Path, catalogue: Catalogue) -> RuleSet:
    """The rules of a file. Raises RulesError at the first mistake."""
    try:
        text = path.read_text(encoding="utf-8")
        root: Any = yaml.compose(text, yaml.SafeLoader)
        content = yaml.safe_load(text)
    except OSError as error:
        raise RulesError(f"{path}: {error.strerror}; set TACHO_ALERTER_RULES to a readable file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RulesError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or set(content) != {"rules"} or not isinstance(content["rules"], list):
        raise RulesError(f"{path}:1: the file must hold one list called 'rules' and nothing else")
    nodes = next(value for key, value in root.value if key.value == "rules").value
    reader = _Reader(path, catalogue)
    rules = tuple(reader.rule(node, entry) for node, entry in zip(nodes, content["rules"], strict=True))
    canonical = json.dumps(content["rules"], sort_keys=True, separators=(",", ":"))
    return RuleSet(rules, hashlib.sha256(canonical.encode()).hexdigest()[:12])


def numeric_fields() -> tuple[str, ...]:
    """The fields of EnrichedSample that a rule may judge, in the contract's order."""
    fields = json.loads(schema_text("EnrichedSample"))["fields"]
    return tuple(field["name"] for field in fields if _is_numeric(field["type"]))


def _is_numeric(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return (
        set(kinds) - {"null"} <= {"int", "long", "float", "double"} if all(isinstance(k, str) for k in kinds) else False
    )


class _Reader:
    """Checks the entries of one file, one after the other."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._topics = {
            name for name, topic in catalogue.topics.items() if name.startswith("alerts-") and topic.record == "Alert"
        }
        self._fields = numeric_fields()
        self._seen: dict[str, int] = {}
        self._place = f"{path}:1"
        self._lines: dict[str, int] = {}

    def rule(self, node: yaml.Node, entry: Any) -> Rule:
        self._place = f"{self._path}:{node.start_mark.line + 1}"
        self._lines = {}
        if not isinstance(entry, dict) or not isinstance(node, yaml.MappingNode):
            raise RulesError(f"{self._place}: a rule is a mapping with the keys {', '.join(_KEYS)}")
        self._place += f": rule {entry.get('id', '(without id)')!r}"
        self._check_keys(node, entry)
        low, high = self._range(entry)
        return Rule(
            id=self._id(entry),
            field=self._field("field", entry["field"]),
            low=low,
            high=high,
            exempt=frozenset(self._exempt(entry.get("except", []))),
            severity=self._severity(entry["severity"]),
            topics=tuple(self._topic_list(entry.get("topics", []))),
        )

    def _check_keys(self, node: yaml.MappingNode, entry: dict[Any, Any]) -> None:
        for key, _ in node.value:
            name = str(key.value)
            if name in self._lines:
                self._refuse(name, f"key {name!r} is there twice; keep one")
            self._lines[name] = key.start_mark.line + 1
            if name not in _KEYS:
                self._refuse(name, f"unknown key {name!r}; the keys are {', '.join(_KEYS)}")
        for name in ("id", "field", "severity"):
            if name not in entry:
                self._refuse(name, f"key {name!r} is missing; add it")

    def _id(self, entry: dict[str, Any]) -> str:
        name = entry["id"]
        if not isinstance(name, str) or not _ID.fullmatch(name):
            self._refuse("id", "an id is lower-case words, digits and single hyphens, as in high-rpm")
        if name in self._seen:
            self._refuse("id", f"the id is already used in line {self._seen[name]}; choose another")
        self._seen[name] = self._lines["id"]
        return str(name)

    def _field(self, key: str, name: Any) -> str:
        if name not in self._fields:
            self._refuse(key, f"{name!r} is no numeric field of EnrichedSample; use one of {', '.join(self._fields)}")
        return str(name)

    def _severity(self, severity: Any) -> str:
        if severity not in SEVERITIES:
            self._refuse("severity", f"severity {severity!r} is unknown; use one of {', '.join(SEVERITIES)}")
        return str(severity)

    def _range(self, entry: dict[str, Any]) -> tuple[Bound | None, Bound | None]:
        given = [key for key in _RANGES if key in entry]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            self._refuse(given[-1] if given else "id", f"give exactly one of {', '.join(_RANGES)}; found {found}")
        (kind,) = given
        if kind == "above":
            return None, self._number(kind, entry[kind])
        if kind == "below":
            return self._number(kind, entry[kind]), None
        bounds = entry[kind]
        if not isinstance(bounds, list) or len(bounds) != 2:
            self._refuse(kind, "outside is a list of two bounds, as in [1, 5] or [gear_low, gear_high]")
        low, high = (self._bound(kind, bound) for bound in bounds)
        if isinstance(low, float) and isinstance(high, float) and low > high:
            self._refuse(kind, f"contradictory range: {bounds[0]} is above {bounds[1]}; swap them")
        return low, high

    def _bound(self, key: str, bound: Any) -> Bound:
        return self._field(key, bound) if isinstance(bound, str) else self._number(key, bound)

    def _number(self, key: str, number: Any) -> float:
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            self._refuse(key, f"{key} needs a number and got {number!r}")
        return float(number)

    def _exempt(self, values: Any) -> list[float]:
        if not isinstance(values, list):
            self._refuse("except", "except is a list of numbers, as in [0]")
        return [self._number("except", value) for value in values]

    def _topic_list(self, topics: Any) -> list[str]:
        if not isinstance(topics, list) or len({str(topic) for topic in topics}) != len(topics):
            self._refuse("topics", "topics is a list of different topic names, as in [alerts-safety]; [] for none")
        for topic in topics:
            if topic not in self._topics:
                known = ", ".join(sorted(self._topics))
                self._refuse("topics", f"{topic!r} is no alerts-* topic of the catalogue; use some of {known}")
        return [str(topic) for topic in topics]

    def _refuse(self, key: str, problem: str) -> NoReturn:
        first, _, rule = self._place.partition(": ")
        line = self._lines.get(key)
        place = f"{self._path}:{line}" if line else first
        raise RulesError(f"{place}: {rule}: {problem}")
