"""A rules text as plain values with their lines: YAML without what makes YAML surprising or dangerous.

Read from the parser's events, so that depth is counted before anything is built. Anchors, aliases, merge keys, tags,
and plain words that YAML takes for something else (on, 10:30, 0x1F, a date, nothing) are refused, not guessed at.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from tacho_alerter.rules.mistakes import Source

MOST_BYTES = 48_000
"""Of a rules text in UTF-8."""
_DEEPEST = 8
"""The deepest sound text: file, rules, rule, limits, models, model, bounds of `outside`, and one to spare."""
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Written:
    """One value and its line; the value of a key has the key's line."""

    value: "str | int | float | bool | list[Written] | dict[str | int, Written]"
    line: int

    @property
    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, list):
            return [part.plain for part in self.value]
        if isinstance(self.value, dict):
            return {key: part.plain for key, part in self.value.items()}
        return self.value


def read_document(text: str, source: Source) -> Written:
    """The one document of a text. Raises RulesError."""
    check_size(len(text.encode(errors="surrogatepass")), source)
    try:
        return _Events(text, source).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        source.refuse(1 if mark is None else mark.line + 1, f"not YAML: {said:.100}; correct it there")
    except (ValueError, OverflowError):
        # The parser's own way of saying that an escape like "\\UFFFFFFFF" is no character.
        source.refuse(1, "not YAML: an escape that is no character; take it out")


def check_size(count: int, source: Source) -> None:
    """Refuse a text of more than MOST_BYTES. Raises RulesError."""
    if count > MOST_BYTES:
        source.refuse(1, f"the text is larger than {MOST_BYTES // 1000} kB; write fewer or shorter rules")


class _Events:
    """Builds values from the events of one text."""

    def __init__(self, text: str, source: Source) -> None:
        self._loader = yaml.SafeLoader(text)
        self._source = source

    def document(self) -> Written:
        self._next()
        if self._loader.check_event(yaml.StreamEndEvent):
            self._source.refuse(1, "the text is empty; it must hold a list called 'rules'")
        self._next()
        content = self._value(0)
        self._next()
        if not self._loader.check_event(yaml.StreamEndEvent):
            self._source.refuse(_line(self._next()), "a second document begins here; keep one")
        return content

    def _next(self) -> Any:
        return self._loader.get_event()  # type: ignore[no-untyped-call]

    def _value(self, depth: int) -> Written:
        event = self._next()
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._source.refuse(line, "anchors and aliases (& and *) are not allowed; write the value out, or quote it")
        if event.tag is not None:
            self._source.refuse(line, f"the tag {event.tag:.60} is not allowed; leave it out")
        if depth > _DEEPEST:
            self._source.refuse(line, "nested deeper than any rule is; take a level away")
        if isinstance(event, yaml.SequenceStartEvent):
            return Written(self._sequence(depth), line)
        if isinstance(event, yaml.MappingStartEvent):
            return Written(self._mapping(depth), line)
        return Written(self._scalar(event), line)

    def _sequence(self, depth: int) -> list[Written]:
        values = []
        while not self._loader.check_event(yaml.SequenceEndEvent):
            values.append(self._value(depth + 1))
        self._next()
        return values

    def _mapping(self, depth: int) -> dict[str | int, Written]:
        values: dict[str | int, Written] = {}
        while not self._loader.check_event(yaml.MappingEndEvent):
            key = self._value(depth + 1)
            name = key.value
            if isinstance(name, bool) or not isinstance(name, str | int):
                self._source.refuse(key.line, f"{_shown(key)} is no key; quote it")
            if name in values:
                self._source.refuse(
                    key.line, f"key {name!r:.60} is there twice, first in line {values[name].line}; keep one"
                )
            values[name] = Written(self._value(depth + 1).value, key.line)
        self._next()
        return values

    def _scalar(self, event: Any) -> str | int | float | bool:
        text: str = event.value
        tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit).removeprefix(_TAG)  # type: ignore[no-untyped-call]
        if tag == "null":
            self._source.refuse(_line(event), "a value is missing; write it, or leave the key out")
        value = _value(tag, text)
        if value is None:
            wanted = "write a decimal number of at most 15 digits" if tag in ("int", "float") else "write it otherwise"
            self._source.refuse(
                _line(event), f"YAML takes {text[:60]!r} for {tag}; {wanted}, or quote it if it is text"
            )
        return value


def _value(tag: str, text: str) -> str | int | float | bool | None:
    """The value of a plain word; None when YAML and its reader may understand different things by it."""
    if tag == "str":
        return text
    if tag == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if tag == "float" and _DECIMAL.fullmatch(text):
        return float(text)
    return text == "true" if tag == "bool" and text in ("true", "false") else None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _shown(written: Written) -> str:
    return repr(written.plain)[:60]
