"""Large batches: which of many records have to be looked at one by one, told for all of them at once.

It takes what it is certain of: sound samples of cars as long as they are calm (see `engine.calm`). Everything else, and
everything it cannot tell, is left to the codec and the engine, which alone tell alerts, episodes and dead letters.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from tacho_alerter.columns import ColumnReader, NotColumnar
from tacho_alerter.engine.calm import SAMPLE_COLUMNS, Stretch, take_calm
from tacho_alerter.engine.partition import Partition
from tacho_alerter.rules.ruleset import RuleSet
from tacho_contracts.schemas import schema_text, writer_schemas

FEWEST_RECORDS = 40
"""A smaller batch is judged sooner record by record: numpy's calls cost the same for one record as for a hundred."""
SLICE_RECORDS = 512
"""Records taken at once: with more, a car with one violation leaves more samples to be looked at; with fewer, the calls
cost more."""
_RECORD = "EnrichedSample"


class Read(NamedTuple):
    """What a record that is not a regular sample says: log time, ms, and whose it is; 0 and None where it says none."""

    time: int
    car_id: int | None


class Left(NamedTuple):
    """What is left of a slice: the indexes to look at, rising, log time at each, and at the end of the slice."""

    indexes: Sequence[int]
    times: Sequence[int]
    end: int


class Bulk:
    """Takes the calm cars of slices of one partition."""

    def __init__(self, read: Callable[[bytes], Read]) -> None:
        """`read` looks into a record that is not a regular sample; it never raises."""
        self._read = read
        self._rules: RuleSet | None = None
        self._reader: ColumnReader | None = None

    def take(self, partition: Partition, values: Sequence[bytes]) -> Left | None:
        """Take what is calm among these records; None where all of them have to be looked at."""
        reader = self._reader_for(partition)
        if reader is None or len(values) < FEWEST_RECORDS:
            return None
        columns = reader.read(values)
        regular = columns.regular
        odd = np.flatnonzero(~regular).tolist()
        if len(odd) > len(values) // 2:
            return None
        said = [self._read(values[index]) for index in odd]
        time = np.where(regular, columns.numbers["logged_at"], 0.0).astype(np.int64)
        time[odd] = [one.time for one in said]
        time = np.maximum(np.maximum.accumulate(time), partition.time)
        places = np.flatnonzero(regular)
        stretch = Stretch(
            {name: column[places] for name, column in columns.numbers.items()},
            time[places],
            [values[index] for index in places.tolist()],
        )
        taken = take_calm(partition, stretch, {one.car_id for one in said if one.car_id is not None})
        left = np.ones(len(values), np.bool_)
        left[places[taken]] = False
        indexes = np.flatnonzero(left)
        return Left(indexes.tolist(), time[indexes].tolist(), int(time[-1]))

    def _reader_for(self, partition: Partition) -> ColumnReader | None:
        """The reader of what the partition's rules look at; None where records cannot be read in columns."""
        rules = partition.history.at(partition.time)
        if rules is not self._rules:
            self._rules = rules
            self._reader = _reader(SAMPLE_COLUMNS.union(*(rule.columns for rule in rules.ordered)))
        return self._reader


def _reader(fields: frozenset[str]) -> ColumnReader | None:
    schema = schema_text(_RECORD)
    # The codec reads what the writers' folder holds: what is not there, or differs in any way, is not for us to take.
    if all(writer.text != schema for writer in writer_schemas(_RECORD)):
        return None
    try:
        return ColumnReader(schema, fields)
    except NotColumnar:
        return None
