"""The two files a run leaves: benchmarks.md for people, benchmarks.json with every single run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Table:
    """A titled table of ready-made cells, and the raw figures behind it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    raw: Any = None


@dataclass(frozen=True)
class Section:
    """One workload: what was done, in sentences, and its tables."""

    name: str
    title: str
    text: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = field(default=())


def write(folder: Path, machine: Mapping[str, str], sections: Sequence[Section]) -> None:
    """Write both files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"machine": dict(machine), "sections": [asdict(section) for section in sections]}
    (folder / "benchmarks.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    (folder / "benchmarks.md").write_text(markdown(machine, sections), encoding="utf-8")


_HEAD = (
    "# Benchmarks\n\nWritten by `make bench`; how each figure is made and read is in "
    "[benchmarks/README.md](../benchmarks/README.md). Medians of interleaved rounds, extremes in brackets; the "
    "headline is records per processor second of the contender's process tree, broker excluded.\n"
)


def markdown(machine: Mapping[str, str], sections: Sequence[Section], head: str = _HEAD) -> str:
    """The page, below `head`. Its numbers are this run's alone: a workload that did not run is not on it."""
    parts = [head, rendered(("", ""), list(machine.items()))]
    for section in sections:
        parts.append(f"## {section.title}\n\n{section.text}\n")
        for table in section.tables:
            parts.append(f"### {table.title}\n\n{rendered(table.columns, table.rows)}")
        if section.notes:
            parts.append("\n".join(f"- {note}" for note in section.notes) + "\n")
    return "\n".join(parts)


def rendered(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; bars and line breaks in cells do not break it."""
    lines = [_line(columns), _line(["---"] * len(columns)), *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
