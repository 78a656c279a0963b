"""What the verifier says in the end: figures for people and programs, and the first offenders in full."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tacho.verify.findings import Findings, Kind, Offender

_MEANING = {
    Kind.LOST: "expected and nowhere",
    Kind.REPEATED: "the same id again",
    Kind.DIFFERING: "other content than recomputed",
    Kind.UNEXPECTED: "nothing leads to it",
    Kind.WRONG_WINDOWS: "last row missing, wrong or too many",
    Kind.OUT_OF_ORDER: "not in the log's order",
    Kind.MISPLACED: "wrong key or partition",
}


@dataclass(frozen=True)
class Samples:
    """How many samples each stage saw; enriched ones count once by id."""

    sent: int
    acked: int
    failed: int
    logged: int
    other_writers: int
    enriched: int
    late: int
    dead_letters: Mapping[str, int]
    sent_again: int = 0
    """In the log once more, on purpose, as the journal says."""
    poison: int = 0
    """Records in the log that the journal says no reader can use."""


@dataclass(frozen=True)
class Episodes:
    """Episodes as alert-episodes tells of them, each event once by id."""

    opened: int = 0
    closed: Mapping[str, int] = field(default_factory=dict)
    """By reason; those of stragglers alone (`late`) never opened."""

    @property
    def open(self) -> int:
        """How many were still open at the end."""
        return self.opened - sum(count for reason, count in self.closed.items() if reason != "late")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"opened": self.opened, "closed": dict(sorted(self.closed.items())), "open": self.open}


@dataclass
class Report:
    """The verdict on one run."""

    samples: Samples
    alerts: Mapping[str, int]
    """Distinct alerts on alert-data by rule."""
    fan_out: Mapping[str, int]
    """Distinct alerts on each further topic."""
    windows: int
    alert_windows: int
    repeats_allowed: bool
    findings: Findings
    episodes: Episodes = field(default_factory=Episodes)
    heartbeats: int = 0
    """In the log; no samples."""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.findings.counts[kind] for kind in Kind if self._forbids(kind))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        samples = asdict(self.samples)
        produced = {name: samples.pop(name) for name in ("sent", "acked", "failed")}
        counts = {kind.value: self.findings.counts[kind] for kind in Kind}
        return {
            "ok": self.ok,
            "samples": {"produced": produced, **samples},
            "heartbeats": self.heartbeats,
            "alerts": dict(self.alerts),
            "fan_out": dict(self.fan_out),
            "episodes": self.episodes.to_dict(),
            "windows": self.windows,
            "alert_windows": self.alert_windows,
            "repeats_allowed": self.repeats_allowed,
            **counts,
            "seconds": round(self.seconds, 1),
            "offenders": {
                kind.value: [offender.to_dict() for offender in offenders]
                for kind, offenders in self.findings.offenders.items()
            },
        }

    def render(self) -> RenderableType:
        """Counts, and the first offenders in full, for a terminal."""
        verdict = Text("content: every promise was kept", "bold green")
        if not self.ok:
            verdict = Text("not content: see below", "bold red")
        return Group(self._figures(), self._faults(), *self._offenders(), verdict)

    def _figures(self) -> Table:
        samples = self.samples
        table = Table("what", "count", title=f"verified in {self.seconds:.1f} s", title_justify="left")
        table.columns[1].justify = "right"
        rows: list[tuple[str, int]] = [
            ("samples sent (journal)", samples.sent),
            ("samples confirmed (journal)", samples.acked),
            ("records in the log", samples.logged),
            ("  of other writers", samples.other_writers),
            *self._of_faults(),
            ("heartbeats in the log", self.heartbeats),
            ("samples enriched", samples.enriched),
            ("  of them late", samples.late),
            *((f"dead letters: {reason}", count) for reason, count in sorted(samples.dead_letters.items())),
            *((f"alerts: {rule}", count) for rule, count in sorted(self.alerts.items())),
            *((f"alerts on {topic}", count) for topic, count in sorted(self.fan_out.items())),
            ("episodes opened", self.episodes.opened),
            *((f"episodes closed: {reason}", count) for reason, count in sorted(self.episodes.closed.items())),
            ("episodes open at the end", self.episodes.open),
            ("window rows", self.windows),
            ("alert window rows", self.alert_windows),
        ]
        for what, count in rows:
            table.add_row(what, f"{count:,}")
        return table

    def _of_faults(self) -> list[tuple[str, int]]:
        """Shown only where faults were injected."""
        counts = [("  sent again by a fault", self.samples.sent_again), ("  poison of a fault", self.samples.poison)]
        return [(what, count) for what, count in counts if count]

    def _faults(self) -> Table:
        table = Table("fault", "count", "meaning")
        table.columns[1].justify = "right"
        for kind in Kind:
            count = self.findings.counts[kind]
            style = "red" if count and self._forbids(kind) else None
            allowed = "" if self._forbids(kind) else " (allowed: a service was started again)"
            table.add_row(kind.value.replace("_", " "), f"{count:,}", _MEANING[kind] + allowed, style=style)
        return table

    def _offenders(self) -> Iterable[RenderableType]:
        for kind, offenders in self.findings.offenders.items():
            if not self._forbids(kind):
                continue
            total = self.findings.counts[kind]
            yield Text(f"{kind.value.replace('_', ' ')}: the first {len(offenders):,} of {total:,}", "bold")
            yield from (Text(_in_full(offender)) for offender in offenders)

    def _forbids(self, kind: Kind) -> bool:
        return kind is not Kind.REPEATED or not self.repeats_allowed


def _in_full(offender: Offender) -> str:
    shown = offender.to_dict()
    at = f" at {offender.place}" if offender.place else ""
    lines = [f"  {offender.topic}{at}: {offender.id}: {offender.what}"]
    if fields := shown.get("fields"):
        lines.append(f"    differs in: {', '.join(fields)}")
    lines += [
        f"    {name + ':':<9} {json.dumps(shown[name], ensure_ascii=False, default=str)}"
        for name in ("expected", "found")
        if shown[name] is not None
    ]
    return "\n".join(lines)
