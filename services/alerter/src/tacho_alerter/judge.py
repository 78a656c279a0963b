"""One batch of enriched records in, everything to be sent for it out. Pure apart from the counters."""

from collections.abc import Iterable
from typing import Any

from tacho_alerter.alerts import AlertWriter, Outgoing
from tacho_alerter.dead_letters import dead_letter
from tacho_alerter.engine.violations import evaluate
from tacho_alerter.progress import Progress
from tacho_alerter.rules import RuleSet
from tacho_alerter.screen import Screen
from tacho_contracts.codec import Codec
from tacho_contracts.errors import Rejected


class Judge:
    """Decodes records, applies the rules and writes alerts and dead letters, in log order.

    The screen only saves work: without it the same comes out.
    """

    def __init__(self, rules: RuleSet, progress: Progress) -> None:
        self._rules = rules
        self._progress = progress
        self._decode = Codec("EnrichedSample").decode
        self._screen = Screen("EnrichedSample", rules)
        self._alerts = AlertWriter(rules.version)

    def outgoing(self, records: Iterable[Any]) -> list[Outgoing]:
        """What to send for these consumed records; each must have topic, partition, offset, timestamp, key, value."""
        batch = list(records)
        values = [record.value or b"" for record in batch]
        out: list[Outgoing] = []
        for index in self._screen.suspects(values):
            out += self._judged(batch[index])
        self._progress.samples += len(batch)
        return out

    def _judged(self, record: Any) -> list[Outgoing]:
        try:
            sample = self._decode(record.value)
        except Rejected as rejected:
            self._progress.dead_letters += 1
            return [dead_letter(record, rejected)]
        out: list[Outgoing] = []
        for violation in evaluate(sample, self._rules).violations:
            self._progress.alerts[violation.rule.id] += 1
            out += self._alerts.records(sample, violation)
        return out
