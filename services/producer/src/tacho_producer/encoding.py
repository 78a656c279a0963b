"""Samples as bytes: the contract's Avro single-object encoding, or the same fields as JSON."""

import io
import json
from collections.abc import Callable
from enum import StrEnum

from fastavro import parse_schema, schemaless_writer

from tacho_contracts.codec import header, without_logical_types
from tacho_contracts.schemas import schema_text
from tacho_producer.samples import Sample

Encoder = Callable[[Sample], bytes]


class Encoding(StrEnum):
    """The two forms the enricher takes."""

    AVRO = "avro"
    JSON = "json"


def encoder(encoding: Encoding) -> Encoder:
    """The function that makes one sample's bytes. It reuses a buffer, so it is for one thread."""
    return _avro_encoder() if encoding is Encoding.AVRO else _json


def _avro_encoder() -> Encoder:
    schema = parse_schema(without_logical_types(json.loads(schema_text("SensorSample", 1))))
    start = header("SensorSample", 1)
    buffer = io.BytesIO(start)
    length = len(start)

    def encode(sample: Sample) -> bytes:
        buffer.seek(length)
        buffer.truncate()
        schemaless_writer(buffer, schema, _record(sample))
        return buffer.getvalue()

    return encode


def _json(sample: Sample) -> bytes:
    return json.dumps(_record(sample), separators=(",", ":")).encode()


def _record(sample: Sample) -> dict[str, object]:
    car_id, sequence, event_ms, speed, rpm, gear = sample
    return {
        "event_id": f"{car_id}-{sequence}",
        "car_id": car_id,
        "sequence": sequence,
        "event_time": event_ms,
        "speed": speed,
        "rpm": rpm,
        "gear": gear,
    }
