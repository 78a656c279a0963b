"""Avro records read column by column: one numpy step for a field of all records, not one call for each record.

The records of a batch lie end to end in one buffer, with a cursor for each; a step reads one field of the schema at
every cursor and moves them. It is a reader for regular records only: wherever there is any doubt it says so, and the
codec has to decide. What it calls regular, the codec decodes without an error and to the same numbers.

Encoding: Avro 1.12 specification, "Binary encoding" and "Single-object encoding".
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tacho_contracts.codec import HEADER_BYTES, MAGIC, MAX_RECORD_BYTES, without_logical_types
from tacho_contracts.schemas import schema_fingerprint

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Positions = NDArray[np.int64]

_WORD_BYTES = 8
_ONE = np.uint64(1)
_CONTINUED = np.uint64(0x8080808080808080)
"""The highest bit of every byte: set in a varint where another byte follows, and in a string where it is not ASCII."""
_CLOSED_GAPS = tuple(
    (np.uint64(kept), np.uint64(moved), np.uint64(bits))
    for kept, moved, bits in (
        (0x007F007F007F007F, 0x7F007F007F007F00, 1),
        (0x00003FFF00003FFF, 0x3FFF00003FFF0000, 2),
        (0x000000000FFFFFFF, 0x0FFFFFFF00000000, 4),
    )
)
"""Joins a varint's groups of 7 bits: those that stay, those that move down, by how many bits; pairs, fours, eights."""
_LONGEST_STRING = 63
"""Bytes of the longest string whose length is a varint of one byte."""
_NOT_ASCII = np.array(
    [
        [int(_CONTINUED) & ((1 << 8 * min(max(length - done, 0), _WORD_BYTES)) - 1) for length in range(64)]
        for done in range(0, 64, _WORD_BYTES)
    ],
    np.uint64,
)
"""By word and by length: the highest bits of the bytes in the first, second, … word of a string of that length."""


class NotColumnar(Exception):
    """The schema, or a field asked for, has a type that is not read in columns; the caller uses the codec alone."""


class Columns(NamedTuple):
    """The fields asked for, by name, and which records they are true of; each array has one element for a record."""

    regular: Bools
    """The record is sound and every field asked for is a number and not null. Elsewhere the columns hold anything."""
    numbers: Mapping[str, Floats]
    """Exact: an integer that a double cannot hold makes its record irregular."""


class ColumnReader:
    """Reads some numeric fields of records written with one schema."""

    def __init__(self, schema: str, fields: frozenset[str], max_bytes: int = MAX_RECORD_BYTES) -> None:
        """`schema` is the text of an avsc; records above `max_bytes` are not regular. Raises NotColumnar."""
        self._header = MAGIC + schema_fingerprint(schema)
        self._max_bytes = max_bytes
        self._fields = tuple(_field(entry, fields) for entry in without_logical_types(json.loads(schema))["fields"])
        if missing := fields - {field.name for field in self._fields if field.numbers}:
            raise NotColumnar(f"no field {', '.join(sorted(missing))}")
        # No cursor is checked on its way: wherever bad bytes send one, it lands in the records behind or in here.
        steps = sum(field.kind.most_bytes + field.nullable for field in self._fields)
        self._padding = bytes(HEADER_BYTES + steps + _LONGEST_STRING + _WORD_BYTES)

    def read(self, values: Sequence[bytes]) -> Columns:
        """The columns of these records, which are whole single-object encodings or any other bytes."""
        sizes = np.fromiter(map(len, values), np.int64, len(values))
        ends = np.cumsum(sizes)
        at = ends - sizes
        joined = _Joined(b"".join([*values, self._padding]))
        regular = (sizes <= self._max_bytes) & joined.holds(self._header, at)
        at += HEADER_BYTES
        numbers: dict[str, Floats] = {}
        for field in self._fields:
            step = field.step(joined, at)
            regular &= step.sound
            if field.numbers:
                numbers[field.name] = field.numbers(step.words)
            at += step.sizes
        # Cursors never move back, so one that stands on its record's end has not read beyond it.
        regular &= at == ends
        return Columns(regular, numbers)


class _Joined:
    """Records end to end: their bytes, and the 8 bytes that begin at every position as one little-endian word."""

    def __init__(self, data: bytes) -> None:
        self.bytes = np.frombuffer(data, np.uint8)
        self.words: Words = np.ndarray((len(data) - _WORD_BYTES + 1,), "<u8", data, strides=(1,))

    def holds(self, header: bytes, at: Positions) -> Bools:
        """Whether these 10 bytes stand at each position."""
        first, last = (int.from_bytes(part, "little") for part in (header[:_WORD_BYTES], header[-_WORD_BYTES:]))
        found: Bools = (self.words[at] == first) & (self.words[at + len(header) - _WORD_BYTES] == last)
        return found


class _Step(NamedTuple):
    """What stands at every cursor: its size in bytes, whether it is sound, and its first bytes as a word."""

    sizes: NDArray[Any]
    sound: Bools
    words: Words


def _varint(joined: _Joined, at: Positions, limit: np.uint64) -> _Step:
    """Seven bits a byte, the lowest first; sound are those whose bytes, as one word, are below `limit`."""
    words = joined.words[at]
    ends = ~words & _CONTINUED
    # Ones up to the end of the first byte that no other follows, or everywhere when all are continued.
    span = ends ^ (ends - _ONE)
    words &= span
    return _Step(np.bitwise_count(span) >> 3, words < limit, words)


def _double(joined: _Joined, at: Positions) -> _Step:
    """Eight bytes, any of them sound."""
    return _Step(np.full(at.shape, _WORD_BYTES), np.ones(at.shape, np.bool_), joined.words[at])


def _boolean(joined: _Joined, at: Positions) -> _Step:
    """One byte, 0 or 1."""
    found = joined.bytes[at]
    return _Step(np.ones(at.shape, np.int64), found <= 1, found.astype(np.uint64))


def _string(joined: _Joined, at: Positions) -> _Step:
    """A length and so many bytes. Sound are short ones in ASCII: anything else may not be UTF-8."""
    first = joined.bytes[at]
    lengths = ((first & 0x7E) >> 1).astype(np.int64)
    found = np.zeros(at.shape, np.uint64)
    for word in range(-(-int(lengths.max(initial=0)) // _WORD_BYTES)):
        found |= joined.words[at + (1 + word * _WORD_BYTES)] & _NOT_ASCII[word][lengths]
    return _Step(lengths + 1, ((first & 0x81) == 0) & (found == 0), found)


def _integers(words: Words) -> Floats:
    """The integers in the words of sound varints."""
    words = words & ~_CONTINUED
    for kept, moved, bits in _CLOSED_GAPS:
        words = (words & kept) | ((words & moved) >> bits)
    # Zigzag: 0, 1, 2, 3 stand for 0, -1, 1, -2.
    return ((words >> _ONE).view(np.int64) ^ -(words & _ONE).view(np.int64)).astype(np.float64)


def _doubles(words: Words) -> Floats:
    return words.view(np.float64)


class _Kind(NamedTuple):
    """How values of one Avro type are read."""

    step: Callable[[_Joined, Positions], _Step]
    most_bytes: int
    """No step is longer, whatever the bytes are."""
    numbers: Callable[[Words], Floats] | None
    """The values in the words of sound steps; None for what is no number."""


def _limit(bits: int) -> np.uint64:
    """Of the words of varints: those below it are the ones of up to 55 `bits`."""
    whole, rest = divmod(bits, 7)
    return np.uint64(1 << 8 * whole + rest)


_KINDS: Mapping[str, _Kind] = {
    "int": _Kind(partial(_varint, limit=_limit(bits=32)), _WORD_BYTES, _integers),
    # A double holds all of these and not all that are wider.
    "long": _Kind(partial(_varint, limit=_limit(bits=53)), _WORD_BYTES, _integers),
    "double": _Kind(_double, _WORD_BYTES, _doubles),
    "boolean": _Kind(_boolean, 1, None),
    "string": _Kind(_string, 1 + _LONGEST_STRING, None),
}


class _Field(NamedTuple):
    """One field of the schema, in its place."""

    name: str
    kind: _Kind
    nullable: bool
    """A union of null and the kind, in this order."""
    numbers: Callable[[Words], Floats] | None
    """None where the field is not asked for."""

    def step(self, joined: _Joined, at: Positions) -> _Step:
        """Read it at every position; a null is not sound where the field is asked for."""
        if not self.nullable:
            return self.kind.step(joined, at)
        branch = joined.bytes[at]
        inner = self.kind.step(joined, at + 1)
        present = branch == 2
        sound = present & inner.sound
        return _Step(inner.sizes * present + 1, sound if self.numbers else sound | (branch == 0), inner.words)


def _field(entry: Mapping[str, Any], asked: frozenset[str]) -> _Field:
    name, declared = entry["name"], entry["type"]
    nullable = isinstance(declared, list) and len(declared) == 2 and declared[0] == "null"
    declared = declared[1] if nullable else declared
    if isinstance(declared, dict) and set(declared) == {"type"}:
        declared = declared["type"]
    kind = _KINDS.get(declared) if isinstance(declared, str) else None
    if kind is None or (name in asked and kind.numbers is None):
        raise NotColumnar(f"field {name} has the type {declared}")
    return _Field(name, kind, nullable, kind.numbers if name in asked else None)
