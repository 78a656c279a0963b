"""Samples as bytes: the contract's Avro single-object encoding, or the same fields as JSON.

Few samples go through fastavro; many are laid out by numpy, a whole batch at once, into the same bytes.
"""

import io
import json
from collections.abc import Callable, Iterator
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from fastavro import parse_schema, schemaless_writer

from tacho_contracts.codec import header, without_logical_types
from tacho_contracts.schemas import schema_text
from tacho_producer.samples import Batch

Encoder = Callable[[Batch], list[bytes]]
_Bytes = npt.NDArray[np.uint8]
_U64 = npt.NDArray[np.uint64]

# Below this many samples the fixed cost of some 150 numpy calls is more than fastavro's cost per sample.
_FEW = 48
_LONGEST_VARINT = 10
_EVENT_ID_DIGITS = 19


class Encoding(StrEnum):
    """The two forms the enricher takes."""

    AVRO = "avro"
    JSON = "json"


def encoder(encoding: Encoding) -> Encoder:
    """The function that makes a batch's record values."""
    if encoding is Encoding.JSON:
        return _json
    one_by_one, together = avro_one_by_one(), avro_together()
    return lambda batch: one_by_one(batch) if len(batch) < _FEW else together(batch)


def avro_one_by_one() -> Encoder:
    """Avro through fastavro: the yardstick."""
    schema = parse_schema(without_logical_types(json.loads(schema_text("SensorSample", 1))))
    start = header("SensorSample", 1)

    def encode(batch: Batch) -> list[bytes]:
        values = []
        for record in _records(batch):
            buffer = io.BytesIO()
            buffer.write(start)
            schemaless_writer(buffer, schema, record)
            values.append(buffer.getvalue())
        return values

    return encode


def avro_together() -> Encoder:
    """Avro laid out in columns of bytes for all samples of the same length in each field."""
    start = np.frombuffer(header("SensorSample", 1), np.uint8)

    def encode(batch: Batch) -> list[bytes]:
        numbers = [_zigzag(column) for column in (batch.car_id, batch.sequence, batch.event_ms, batch.rpm, batch.gear)]
        lengths = [_varint_length(number) for number in numbers]
        digits = [_digits(batch.car_id), _digits(batch.sequence)]
        shape = np.zeros(len(batch), np.int64)
        for part in (*lengths, *digits):
            shape = shape * 32 + part
        values: list[bytes] = [b""] * len(batch)
        for kind in np.unique(shape):
            rows = np.flatnonzero(shape == kind)
            first = rows[0]
            widths = [int(length[first]) for length in lengths]
            letters = [int(count[first]) for count in digits]
            data = _lay_out(start, batch, rows, [number[rows] for number in numbers], widths, letters)
            size, flat = data.shape[1], data.tobytes()
            for place, row in enumerate(rows.tolist()):
                values[row] = flat[place * size : place * size + size]
        return values

    return encode


def _lay_out(
    start: _Bytes, batch: Batch, rows: np.ndarray, numbers: list[_U64], widths: list[int], letters: list[int]
) -> _Bytes:
    """One row of bytes for each sample, fields in the schema's order."""
    text = sum(letters) + 1
    out = np.empty((len(rows), len(start) + 1 + text + sum(widths) + 8), np.uint8)
    out[:, : len(start)] = start
    at = len(start)
    out[:, at] = 2 * text  # zigzag of the event_id's length, which is below 64
    at = _put_digits(out, at + 1, batch.car_id[rows], letters[0])
    out[:, at] = ord("-")
    at = _put_digits(out, at + 1, batch.sequence[rows], letters[1])
    for number, width in zip(numbers[:3], widths[:3], strict=True):
        at = _put_varint(out, at, number, width)
    out[:, at : at + 8] = batch.speed[rows].astype("<f8").view(np.uint8).reshape(-1, 8)
    at += 8
    for number, width in zip(numbers[3:], widths[3:], strict=True):
        at = _put_varint(out, at, number, width)
    return out


def _zigzag(column: npt.NDArray[np.int64]) -> _U64:
    return ((column << 1) ^ (column >> 63)).astype(np.uint64)


def _varint_length(numbers: _U64) -> np.ndarray:
    length = np.ones(len(numbers), np.int64)
    for size in range(1, _LONGEST_VARINT):
        if not (longer := numbers >= np.uint64(1 << (7 * size))).any():
            break
        length += longer
    return length


def _digits(column: npt.NDArray[np.int64]) -> np.ndarray:
    count = np.ones(len(column), np.int64)
    for size in range(1, _EVENT_ID_DIGITS):
        if not (longer := column >= 10**size).any():
            break
        count += longer
    return count


def _put_varint(out: _Bytes, at: int, numbers: _U64, width: int) -> int:
    for place in range(width):
        more = 0x80 if place < width - 1 else 0
        out[:, at + place] = (numbers >> np.uint64(7 * place)) & np.uint64(0x7F) | np.uint64(more)
    return at + width


def _put_digits(out: _Bytes, at: int, numbers: npt.NDArray[np.int64], count: int) -> int:
    for place in range(count):
        out[:, at + count - 1 - place] = numbers // 10**place % 10 + ord("0")
    return at + count


def _json(batch: Batch) -> list[bytes]:
    return [json.dumps(record, separators=(",", ":")).encode() for record in _records(batch)]


def _records(batch: Batch) -> Iterator[dict[str, object]]:
    for car_id, sequence, event_ms, speed, rpm, gear in batch.rows():
        yield {
            "event_id": f"{car_id}-{sequence}",
            "car_id": car_id,
            "sequence": sequence,
            "event_time": event_ms,
            "speed": speed,
            "rpm": rpm,
            "gear": gear,
        }
