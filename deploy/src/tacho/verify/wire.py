"""Bytes on a topic: Avro single-object encoding, read here without the codec the services use.

Layout: C3 01, CRC-64-AVRO of the writer schema (8 bytes, little-endian), body.
"""

import io
import json
from typing import Any, cast

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from tacho_contracts.schemas import schema_fingerprint, schema_text, writer_schemas

MARKER = b"\xc3\x01"
HEADER_BYTES = 10

Fields = dict[str, Any]


class Undecodable(Exception):
    """These bytes are not the record they should be. reason: the catalogue's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Wire:
    """Version 1 of one record as bytes; other released versions are read into it."""

    def __init__(self, record: str) -> None:
        text = schema_text(record, 1)
        self.record = record
        self.header = MARKER + schema_fingerprint(text)
        self._schema = _parse(text)
        self._writers = {
            MARKER + writer.fingerprint: (_parse(writer.text), writer.text == text) for writer in writer_schemas(record)
        }

    def encode(self, fields: Fields) -> bytes:
        """Header and body in version 1."""
        out = io.BytesIO()
        out.write(self.header)
        schemaless_writer(out, self._schema, fields)
        return out.getvalue()

    def wrote(self, data: bytes) -> bool:
        """Whether the header is that of some released version of this record."""
        return data[:HEADER_BYTES] in self._writers

    def decode(self, data: bytes) -> Fields:
        """Version 1's fields; timestamps in ms. Raises Undecodable unless the bytes are exactly one minimal record."""
        if not data.startswith(MARKER) or len(data) < HEADER_BYTES:
            raise Undecodable("unknown-format")
        known = self._writers.get(data[:HEADER_BYTES])
        if known is None:
            raise Undecodable("unknown-schema")
        writer, is_ours = known
        try:
            fields = _read(data, writer)
            again = io.BytesIO()
            schemaless_writer(again, writer, fields)
        except Exception as error:
            # fastavro answers hostile bytes with EOFError, IndexError, OverflowError, UnicodeDecodeError and others.
            raise Undecodable("malformed-avro") from error
        if again.getvalue() != data[HEADER_BYTES:]:
            raise Undecodable("trailing-bytes")
        return fields if is_ours else _read(data, writer, self._schema)

    def identity(self, data: bytes) -> bytes | None:
        """The first field, a text, without decoding the rest; None when it cannot be had so."""
        found = self.first_text(data)
        return None if found is None else found[0]

    def first_text(self, data: bytes) -> tuple[bytes, int] | None:
        """The first field, a text, and where the next one begins; None when it cannot be had so."""
        if not data.startswith(self.header):
            return None
        length = avro_number(data, HEADER_BYTES)
        if length is None or length[0] < 0 or length[1] + length[0] > len(data):
            return None
        size, at = length
        return data[at : at + size], at + size

    def describe(self, data: bytes | None) -> Fields | str | None:
        """The fields when they can be read, else the bytes in hex: for people."""
        if data is None:
            return None
        try:
            return self.decode(data)
        except Undecodable:
            return data.hex()


def avro_number(data: bytes, at: int) -> tuple[int, int] | None:
    """The int or long that begins there, and where the next field begins; None when it does not end."""
    raw = shift = 0
    for place in range(at, min(at + 10, len(data))):
        raw |= (data[place] & 0x7F) << shift
        if not data[place] & 0x80:
            return (raw >> 1) ^ -(raw & 1), place + 1
        shift += 7
    return None


def _read(data: bytes, writer: Any, reader: Any = None) -> Fields:
    source = io.BytesIO(data)
    source.seek(HEADER_BYTES)
    return cast(Fields, schemaless_reader(source, writer, reader))


def _parse(text: str) -> Any:
    return parse_schema(_numbers_only(json.loads(text)), named_schemas={}, _force=True)


def _numbers_only(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _numbers_only(part) for name, part in schema.items() if name != "logicalType"}
    return [_numbers_only(part) for part in schema] if isinstance(schema, list) else schema
