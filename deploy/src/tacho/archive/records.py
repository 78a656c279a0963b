"""The archive's format. Pure.

    <place>/partition=<p>/<first offset>-<last offset>.avro     Avro object container files, deflate
    <place>/manifest.json                                       written last: an archive without it is unfinished

A file's name says which offsets it covers (20 digits, so that names sort), so a copy that was cut off goes on behind
its last file. Each record keeps its offset, its timestamp, and its key, value and headers byte for byte: nothing is
decoded, so what no schema knows survives too.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from fastavro import parse_schema, reader, writer

from tacho.errors import TachoError

FORMAT = 1
MANIFEST = "manifest.json"
_NAME = re.compile(r"^partition=(\d+)/(\d{20})-(\d{20})\.avro$")
_HEADER = {
    "type": "record",
    "name": "Header",
    "fields": [{"name": "key", "type": "string"}, {"name": "value", "type": ["null", "bytes"]}],
}
_SCHEMA = parse_schema(
    {
        "type": "record",
        "name": "ArchivedRecord",
        "namespace": "tacho.archive",
        "fields": [
            {"name": "offset", "type": "long"},
            {"name": "timestamp", "type": "long", "doc": "the record's timestamp, ms since the epoch; -1 without one"},
            {"name": "key", "type": ["null", "bytes"]},
            {"name": "value", "type": ["null", "bytes"]},
            {"name": "headers", "type": {"type": "array", "items": _HEADER}},
        ],
    }
)


@dataclass(frozen=True)
class Archived:
    """One record as it was on its partition."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()

    def same_content(self, other: "Archived") -> bool:
        """Whether both are the same record, wherever each is."""
        return (self.timestamp, self.key, self.value, self.headers) == (
            other.timestamp,
            other.key,
            other.value,
            other.headers,
        )


@dataclass(frozen=True, order=True)
class Piece:
    """One file: a partition's records from `first` to `last`, both included."""

    partition: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """Its name below the archive's place."""
        return f"partition={self.partition}/{self.first:020d}-{self.last:020d}.avro"


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: records and, by partition, the offset behind the last record that was copied."""

    topic: str
    ends: dict[int, int]
    records: int
    oldest_ms: int | None
    newest_ms: int | None

    def as_json(self) -> bytes:
        """The manifest's file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()


def manifest_from(content: bytes) -> Manifest:
    """Read a manifest. Raises TachoError when it is not one, or of a later format."""
    try:
        found: dict[str, Any] = json.loads(content)
        if found["format"] != FORMAT:
            raise TachoError(
                f"The archive has format {found['format']} and this tool reads {FORMAT}: use a newer tacho."
            )
        ends = {int(partition): int(end) for partition, end in found["ends"].items()}
        return Manifest(found["topic"], ends, found["records"], found["oldest_ms"], found["newest_ms"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TachoError(f"{MANIFEST} is not an archive's manifest ({error}).") from error


def pieces(names: Iterable[str]) -> tuple[Piece, ...]:
    """The archive's files among these names, by partition and offset; others are not ours."""
    found = (_NAME.match(name) for name in names)
    return tuple(sorted(Piece(int(match[1]), int(match[2]), int(match[3])) for match in found if match))


def encode(records: Sequence[Archived]) -> bytes:
    """One file's content; the same records give the same bytes."""
    out = io.BytesIO()
    rows = [
        {**vars(record), "headers": [{"key": key, "value": value} for key, value in record.headers]}
        for record in records
    ]
    # Avro wants 16 bytes between blocks; the default ones are random, and equal archives should be equal files.
    writer(out, _SCHEMA, rows, codec="deflate", sync_marker=b"tacho-archive-v1")
    return out.getvalue()


def decode(content: bytes) -> Iterator[Archived]:
    """The records of one file, in order. Raises TachoError when it is damaged."""
    try:
        for row in cast(Iterator[dict[str, Any]], reader(io.BytesIO(content))):
            headers = tuple((header["key"], header["value"]) for header in row["headers"])
            yield Archived(row["offset"], row["timestamp"], row["key"], row["value"], headers)
    except (ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise TachoError(
            f"An archive file cannot be read ({error}): copy the log again, or leave the file out."
        ) from error
