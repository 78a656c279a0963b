"""Avro single-object encoding at the edge: bytes in, checked dict out, and back.

Layout: C3 01, the writer schema's CRC-64-AVRO (8 bytes, little-endian), the Avro body
(Avro 1.12 specification, "Single-object encoding"). Timestamps are plain integer milliseconds on
both sides: a datetime per field would cost more than the rest of the record.
"""

import io
import json
from functools import cache
from typing import Any, cast

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from tacho_contracts.errors import Rejected
from tacho_contracts.schemas import WriterSchema, records, schema_fingerprint, schema_text, writer_schemas

MAGIC = b"\xc3\x01"
HEADER_BYTES = 10
MAX_RECORD_BYTES = 4096

Record = dict[str, Any]


def header(record: str, version: int = 1) -> bytes:
    """The 10 bytes in front of every body written with this version."""
    return MAGIC + schema_fingerprint(schema_text(record, version))


def without_logical_types(schema: Any) -> Any:
    """The same schema with every logicalType dropped, so that a timestamp stays the long it is on the wire."""
    if isinstance(schema, dict):
        return {key: without_logical_types(part) for key, part in schema.items() if key != "logicalType"}
    if isinstance(schema, list):
        return [without_logical_types(part) for part in schema]
    return schema


def _parsed(text: str) -> Any:
    # A fresh name cache for each: two versions of one record share their name (fastavro keeps a global one).
    return parse_schema(without_logical_types(json.loads(text)), named_schemas={}, _force=True)


class Codec:
    """Encodes one version of a record, and decodes any known writer's version of it into that version."""

    def __init__(self, record: str, version: int = 1, max_bytes: int = MAX_RECORD_BYTES) -> None:
        text = schema_text(record, version)
        self.record = record
        self.max_bytes = max_bytes
        self._header = header(record, version)
        self._schema = _parsed(text)
        # The reader schema is left out where writer and reader are the same: resolution is fastavro's slow path.
        self._readers = {
            schema.fingerprint: (_parsed(schema.text), None if schema.text == text else self._schema)
            for schema in writer_schemas(record)
        }

    def encode(self, record: Record) -> bytes:
        """One record as header and body. Raises ValueError or TypeError when it does not fit the schema."""
        out = io.BytesIO()
        out.write(self._header)
        schemaless_writer(out, self._schema, record)
        return out.getvalue()

    def decode(self, data: bytes | None) -> Record:
        """The record in `data`, the whole of it consumed. Raises Rejected with the catalogue's reason."""
        body = checked_size(data, self.max_bytes)
        if body[:2] != MAGIC or len(body) < HEADER_BYTES:
            raise Rejected("unknown-format", f"starts with {body[:2].hex()} and not with the Avro marker c301")
        known = self._readers.get(body[2:HEADER_BYTES])
        if known is None:
            raise Rejected("unknown-schema", f"fingerprint {body[2:HEADER_BYTES].hex()} is no {self.record}")
        return read_body(body, *known)


def checked_size(data: bytes | None, max_bytes: int = MAX_RECORD_BYTES) -> bytes:
    """`data` if it is there and no larger than the cap; raises Rejected before anything looks inside it."""
    if data is None:
        raise Rejected("tombstone", "the record has no value")
    if not data:
        raise Rejected("empty", "the value has no bytes")
    if len(data) > max_bytes:
        raise Rejected("oversized", f"{len(data)} bytes, at most {max_bytes} are read")
    return data


def read_body(data: bytes, writer: Any, reader: Any = None) -> Record:
    """Decode the body behind the header. Raises Rejected unless it decodes and no byte is left over."""
    source = io.BytesIO(data)
    source.seek(HEADER_BYTES)
    try:
        record = schemaless_reader(source, writer, reader)
    except Exception as error:
        # fastavro answers hostile bytes with EOFError, IndexError, UnicodeDecodeError, OverflowError and others.
        raise Rejected("malformed-avro", f"{type(error).__name__} after {source.tell()} bytes") from error
    if source.tell() != len(data):
        raise Rejected("trailing-bytes", f"{len(data) - source.tell()} bytes after the record")
    return cast(Record, record)


@cache
def _known_writers() -> dict[bytes, tuple[WriterSchema, Any]]:
    schemas = [schema for record in records() for schema in writer_schemas(record)]
    return {schema.fingerprint: (schema, _parsed(schema.text)) for schema in schemas}


def decode_any(data: bytes | None, max_bytes: int = MAX_RECORD_BYTES) -> tuple[str, int, Record]:
    """Record name, version and content of any catalogue record, told by its fingerprint. Raises Rejected."""
    body = checked_size(data, max_bytes)
    if body[:2] != MAGIC or len(body) < HEADER_BYTES:
        raise Rejected("unknown-format", f"starts with {body[:2].hex()} and not with the Avro marker c301")
    known = _known_writers().get(body[2:HEADER_BYTES])
    if known is None:
        raise Rejected("unknown-schema", f"fingerprint {body[2:HEADER_BYTES].hex()} is in no schema folder")
    schema, parsed = known
    return schema.record, schema.version, read_body(body, parsed)
