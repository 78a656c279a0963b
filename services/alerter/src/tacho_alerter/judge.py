"""One batch of enriched records in, everything to be sent for it out. Pure apart from the counters."""

from collections.abc import Iterable
from typing import Any

from tacho_alerter.alerts import AlertWriter, Outgoing
from tacho_alerter.dead_letters import dead_letter
from tacho_alerter.engine import evaluate
from tacho_alerter.progress import Progress
from tacho_alerter.rules import RuleSet
from tacho_contracts.codec import Codec
from tacho_contracts.errors import Rejected


class Judge:
    """Decodes records, applies the rules and writes alerts and dead letters, in log order."""

    def __init__(self, rules: RuleSet, progress: Progress) -> None:
        self._rules = rules
        self._progress = progress
        self._decode = Codec("EnrichedSample").decode
        self._alerts = AlertWriter(rules.version)

    def outgoing(self, records: Iterable[Any]) -> list[Outgoing]:
        """What to send for these consumed records; each must have topic, partition, offset, timestamp, key, value."""
        decode, rules = self._decode, self._rules
        out: list[Outgoing] = []
        count = 0
        for record in records:
            count += 1
            try:
                sample = decode(record.value)
            except Rejected as rejected:
                self._progress.dead_letters += 1
                out.append(dead_letter(record, rejected))
                continue
            for violation in evaluate(sample, rules).violations:
                self._progress.alerts[violation.rule.id] += 1
                out.extend(self._alerts.records(sample, violation))
        self._progress.samples += count
        return out
