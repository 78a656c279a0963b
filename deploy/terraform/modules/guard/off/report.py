"""What the switch says in the end. Pure."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """What was stopped, what still costs money with the command that ends it, and what could not be done."""

    stopped: list[str] = field(default_factory=list)
    costs: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """One line, at most 100 characters, as a mail's subject must be."""
        if self.problems:
            return f"Night off: {len(self.problems)} problem(s)"
        return f"Night off: {len(self.costs)} thing(s) still cost money" if self.costs else "Night off: all is off"

    def text(self) -> str:
        """The whole report."""
        parts = [("Stopped", self.stopped), ("Problems", self.problems)]
        parts.append(("Still costs money", [f"{what}\n    {command}" for what, command in self.costs]))
        return "\n".join(
            f"{title}:\n" + "\n".join(f"  {line}" for line in lines or ["nothing"]) for title, lines in parts
        )
