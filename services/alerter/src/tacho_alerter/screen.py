"""The screen: which records of a batch need a closer look, told for all of them at once.

It lets a record pass only when it certainly is a good sample that breaks no rule. Everything else, and everything it
cannot tell, goes to the codec and the engine, which alone make alerts and dead letters.
"""

from collections.abc import Sequence

import numpy as np

from tacho_alerter.columns import ColumnReader, NotColumnar
from tacho_alerter.rules import RuleSet
from tacho_contracts.schemas import schema_text, writer_schemas

FEWEST_RECORDS = 40
"""A smaller batch is judged sooner record by record: numpy's calls cost the same for one record as for a hundred."""
_SLICE = 8192
"""Records screened at once: with more their columns leave the processor's cache, with fewer the calls cost more."""


class Screen:
    """Screens batches of one record type for one set of rules."""

    def __init__(self, record: str, rules: RuleSet) -> None:
        self._rules = rules.rules
        self._reader = _reader(record, rules)

    def suspects(self, values: Sequence[bytes]) -> Sequence[int]:
        """The indexes, rising, of all records but those that are good samples and break no rule."""
        if self._reader is None or len(values) < FEWEST_RECORDS:
            return range(len(values))
        found: list[int] = []
        for start in range(0, len(values), _SLICE):
            columns = self._reader.read(values[start : start + _SLICE])
            suspect = ~columns.regular
            for rule in self._rules:
                suspect |= rule.breaks(columns.numbers)
            found += (np.flatnonzero(suspect) + start).tolist()
        return found


def _reader(record: str, rules: RuleSet) -> ColumnReader | None:
    """None where the codec has to read every record."""
    schema = schema_text(record)
    # The codec reads what the writers' folder holds: what is not there, or differs in any way, is not for us to pass.
    if all(writer.text != schema for writer in writer_schemas(record)):
        return None
    try:
        return ColumnReader(schema, frozenset().union(*(rule.fields for rule in rules.rules)))
    except NotColumnar:
        return None
