"""How a mistake in a rules file is reported."""

from dataclasses import dataclass
from typing import NoReturn


class RulesError(Exception):
    """The rules cannot be used; whoever has some in force keeps those. The text says where and what to do."""


@dataclass(frozen=True)
class Source:
    """The text that is read, and the rule within it."""

    place: str
    """A path, or where else the text came from."""
    rule: str | None = None
    """None outside a rule."""

    def refuse(self, line: int, problem: str) -> NoReturn:
        """Raise RulesError: place, line, rule, and `problem`, which says what to do too."""
        rule = "" if self.rule is None else f"rule {self.rule!r}: "
        raise RulesError(f"{self.place}:{line}: {rule}{problem}")
