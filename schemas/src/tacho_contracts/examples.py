"""Published examples of every record: each file names one reason and says whether a reader takes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tacho_contracts.paths import data_root
from tacho_contracts.schemas import schema_text


@dataclass(frozen=True)
class Example:
    """One example. `payload` is the record's content with timestamps in milliseconds, bytes as bytes.

    A `fail` example carries the reject reason a reader must give, and record metadata where that decides it.
    """

    name: str
    passes: bool
    payload: dict[str, Any]
    reason: str | None
    key: str | None
    record_timestamp: int | None


def iter_examples(record: str, version: int = 1) -> Iterator[Example]:
    """Every example of one version of a record, by name. File: <case>.{pass,fail}.json."""
    schema = json.loads(schema_text(record, version))
    folder = data_root() / "examples" / record / f"v{version}"
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        name, verdict, _ = path.name.split(".")
        yield Example(
            name=name,
            passes=verdict == "pass",
            payload=_with_bytes(schema, content["payload"]),
            reason=content.get("reason"),
            key=content.get("key"),
            record_timestamp=content.get("record_timestamp"),
        )


def _with_bytes(schema: Any, value: Any) -> Any:
    """Bytes are written in the files as Avro's JSON form has them: one character per byte."""
    if isinstance(schema, list):
        return value if value is None else _with_bytes(next(part for part in schema if part != "null"), value)
    if schema == "bytes":
        return value.encode("latin-1")
    if isinstance(schema, dict) and schema["type"] == "record":
        types = {field["name"]: field["type"] for field in schema["fields"]}
        return {name: _with_bytes(types[name], part) for name, part in value.items()}
    if isinstance(schema, dict) and schema["type"] == "array":
        return [_with_bytes(schema["items"], part) for part in value]
    return value
