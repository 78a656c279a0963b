"""One mapping of a rules text while it is read: its keys checked, its values taken out, its mistakes placed."""

from typing import NoReturn

from tacho_alerter.rules.document import Written
from tacho_alerter.rules.mistakes import Source
from tacho_alerter.rules.quantities import NotAQuantity, duration_ms, number


class Entry:
    """A mapping with known keys. Every method raises RulesError with the line of the key it is about."""

    def __init__(self, written: Written, source: Source, keys: tuple[str, ...], what: str) -> None:
        """`what` names the mapping in messages, as in "a rule"."""
        self.source = source
        self.line = written.line
        if not isinstance(written.value, dict) or not written.value:
            source.refuse(written.line, f"{what} is a mapping with keys out of {', '.join(keys)}; write it so")
        for key, value in written.value.items():
            if key not in keys:
                source.refuse(value.line, f"unknown key {key!r:.60} in {what}; the keys are {', '.join(keys)}")
        self._values = written.value

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __getitem__(self, key: str) -> Written:
        if key not in self._values:
            self.source.refuse(self.line, f"key {key!r} is missing; add it")
        return self._values[key]

    def given(self, *keys: str) -> list[str]:
        """Those of these keys that are there."""
        return [key for key in keys if key in self._values]

    def refuse(self, key: str, problem: str) -> NoReturn:
        """Raise RulesError at the line of this key."""
        self.source.refuse(self._values[key].line if key in self._values else self.line, f"{key}: {problem}")

    def text(self, key: str) -> str:
        """A text."""
        value = self[key].value
        if not isinstance(value, str):
            self.refuse(key, f"{self[key].plain!r:.60} is no text; quote it")
        return value

    def choice(self, key: str, options: tuple[str, ...]) -> str:
        """One of these words."""
        value = self[key].plain
        if value not in options:
            self.refuse(key, f"{value!r:.60} is unknown; use one of {', '.join(options)}")
        return str(value)

    def number(self, key: str, unit: str | None) -> float:
        """A number in this unit; None: it has none."""
        try:
            return number(self[key].plain, unit)
        except NotAQuantity as wrong:
            self.refuse(key, str(wrong))

    def duration_ms(self, key: str, otherwise: int) -> int:
        """A duration in ms; `otherwise` when the key is not there."""
        if key not in self:
            return otherwise
        try:
            return duration_ms(self[key].plain)
        except NotAQuantity as wrong:
            self.refuse(key, str(wrong))

    def length_ms(self, key: str) -> int:
        """A duration in ms that is longer than 0."""
        length = self.duration_ms(key, 0)
        if length == 0:
            self.refuse(key, "is 0; take a longer duration")
        return length

    def items(self, key: str, wanted: str) -> list[Written]:
        """The parts of a list; `wanted` says what it should be."""
        value = self[key].value
        if not isinstance(value, list):
            self.refuse(key, f"{self[key].plain!r:.60} is no list; write {wanted}")
        return value

    def mapping(self, key: str) -> dict[str | int, Written]:
        """The values of a mapping with any keys."""
        value = self[key].value
        if not isinstance(value, dict) or not value:
            self.refuse(key, "is a mapping with at least one entry; write one, or leave it out")
        return value
