"""Avro single-object encoding with fastavro: the schema parsed once, timestamps left as the longs they are."""

import io
import json
from pathlib import Path
from typing import Any, cast

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.schema import fingerprint, to_parsing_canonical_form

SCHEMAS = Path(__file__).parents[2] / "schemas" / "avro"
HEADER_BYTES = 10

Record = dict[str, Any]


class Wire:
    """One record's bytes and back. `decode` raises ValueError for another schema or for bytes left over."""

    def __init__(self, record: str) -> None:
        schema = json.loads((SCHEMAS / record / "v1.avsc").read_text(encoding="utf-8"))
        crc = fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO")
        self._header = b"\xc3\x01" + bytes.fromhex(crc)
        for field in schema["fields"]:
            if isinstance(field["type"], dict):
                field["type"] = field["type"]["type"]
        self._schema = parse_schema(schema, named_schemas={})

    def wrote(self, data: bytes) -> bool:
        """Whether these bytes are of this record."""
        return data.startswith(self._header)

    def decode(self, data: bytes) -> Record:
        """The record in `data`."""
        if data[:HEADER_BYTES] != self._header:
            raise ValueError(f"not this schema: {data[:HEADER_BYTES].hex()}")
        body = io.BytesIO(data)
        body.seek(HEADER_BYTES)
        record = schemaless_reader(body, self._schema, None)
        if body.tell() != len(data):
            raise ValueError("bytes after the record")
        return cast(Record, record)

    def encode(self, record: Record) -> bytes:
        """The bytes of a record."""
        out = io.BytesIO()
        out.write(self._header)
        schemaless_writer(out, self._schema, record)
        return out.getvalue()
