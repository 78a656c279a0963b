"""Published examples of every record: each file names one reason and says whether a reader takes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tacho_contracts.paths import data_root


@dataclass(frozen=True)
class Example:
    """One example. `payload` is the record's content with timestamps in milliseconds.

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
    folder = data_root() / "examples" / record / f"v{version}"
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        name, verdict, _ = path.name.split(".")
        yield Example(
            name=name,
            passes=verdict == "pass",
            payload=content["payload"],
            reason=content.get("reason"),
            key=content.get("key"),
            record_timestamp=content.get("record_timestamp"),
        )
