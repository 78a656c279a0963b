"""Whether any version of a record reads any other: Avro's rules of schema resolution, without reading a byte. Pure.

Only what can be told from the two schemas: a reader with a field that the writer lacks needs a default, types may only
widen, and names must agree. The contracts' own tests prove released versions on bytes; this is for the moment before
one is published.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WIDENS = {
    "int": frozenset({"long", "float", "double"}),
    "long": frozenset({"float", "double"}),
    "float": frozenset({"double"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}

Names = dict[str, Any]


def flaws(versions: Mapping[int, str]) -> tuple[str, ...]:
    """Why some version (avsc text by number) cannot read another; nothing when all read each other."""
    return tuple(
        f"v{reader} cannot read v{writer}: {flaw}"
        for reader in versions
        for writer in versions
        if reader != writer
        for flaw in unreadable(versions[reader], versions[writer])
    )


def unreadable(reader: str, writer: str) -> tuple[str, ...]:
    """Why a reader's schema cannot read what a writer's wrote, by place."""
    read, written = json.loads(reader), json.loads(writer)
    return tuple(dict.fromkeys(_compare(_Side(read), _Side(written), read, written, "", frozenset())))


class _Side:
    """One schema and the types it names."""

    def __init__(self, schema: Any) -> None:
        self.names: Names = {}
        self._collect(schema, "")

    def _collect(self, schema: Any, space: str) -> None:
        if isinstance(schema, list):
            for part in schema:
                self._collect(part, space)
        elif isinstance(schema, dict):
            if "name" in schema:
                space = schema.get("namespace", space)
                self.names[schema["name"].rpartition(".")[2]] = schema
            for part in (schema.get("items"), schema.get("values"), schema.get("type")):
                self._collect(part, space)
            for field in schema.get("fields", ()):
                self._collect(field["type"], space)

    def resolved(self, schema: Any) -> Any:
        """A name's type, and {"type": "int", "logicalType": ...} as what is on the wire."""
        if isinstance(schema, str):
            return self.names.get(schema.rpartition(".")[2], schema)
        if isinstance(schema, dict) and isinstance(schema.get("type"), dict | list):
            return self.resolved(schema["type"])
        return schema


def _kind(schema: Any) -> str:
    if isinstance(schema, list):
        return "union"
    return str(schema["type"]) if isinstance(schema, dict) else str(schema)


def _compare(
    reads: _Side, wrote: _Side, reader: Any, writer: Any, place: str, seen: frozenset[tuple[str, str]]
) -> Iterator[str]:
    reader, writer = reads.resolved(reader), wrote.resolved(writer)
    kinds = _kind(reader), _kind(writer)
    if kinds[1] == "union":
        for branch in writer:
            yield from _compare(reads, wrote, reader, branch, place, seen)
    elif kinds[0] == "union":
        if not any(not list(_compare(reads, wrote, branch, writer, place, seen)) for branch in reader):
            yield f"{place or 'the schema'} was {_named(writer)}, which is none of {', '.join(map(_named, reader))}"
    elif kinds[0] != kinds[1]:
        if kinds[0] not in _WIDENS.get(kinds[1], ()):
            yield f"{place or 'the schema'} was {_named(writer)} and is read as {_named(reader)}"
    elif kinds[0] == "record":
        pair = (str(reader["name"]), str(writer["name"]))
        if pair not in seen:
            yield from _compare_records(reads, wrote, reader, writer, place, seen | {pair})
    elif kinds[0] == "array":
        yield from _compare(reads, wrote, reader["items"], writer["items"], f"{place}[]", seen)
    elif kinds[0] == "map":
        yield from _compare(reads, wrote, reader["values"], writer["values"], f"{place}{{}}", seen)
    elif kinds[0] == "enum":
        yield from _compare_enums(reader, writer, place)
    elif kinds[0] == "fixed" and (reader["size"], _plain(reader)) != (writer["size"], _plain(writer)):
        yield f"{place} was {_named(writer)} of {writer['size']} bytes and is read as another fixed"


def _compare_records(
    reads: _Side, wrote: _Side, reader: Any, writer: Any, place: str, seen: frozenset[tuple[str, str]]
) -> Iterator[str]:
    if not _same_name(reader, writer):
        yield f"{place or 'the record'} was called {writer['name']} and is called {reader['name']}"
        return
    fields = {field["name"]: field for field in writer["fields"]}
    for field in reader["fields"]:
        inside = f"{place}.{field['name']}".lstrip(".")
        known = next((fields[name] for name in (field["name"], *field.get("aliases", ())) if name in fields), None)
        if known is not None:
            yield from _compare(reads, wrote, field["type"], known["type"], inside, seen)
        elif "default" not in field:
            yield f"{inside} has no default"


def _compare_enums(reader: Any, writer: Any, place: str) -> Iterator[str]:
    if not _same_name(reader, writer):
        yield f"{place or 'the enum'} was called {writer['name']} and is called {reader['name']}"
    unknown: Sequence[str] = [symbol for symbol in writer["symbols"] if symbol not in reader["symbols"]]
    if unknown and "default" not in reader:
        yield f"{place or 'the enum'} may hold {', '.join(unknown)}, which is not known and has no default"


def _same_name(reader: Any, writer: Any) -> bool:
    return _plain(writer) in (_plain(reader), *(alias.rpartition(".")[2] for alias in reader.get("aliases", ())))


def _plain(schema: Any) -> str:
    return str(schema["name"]).rpartition(".")[2]


def _named(schema: Any) -> str:
    return str(schema.get("name") or schema["type"]) if isinstance(schema, dict) else str(schema)
