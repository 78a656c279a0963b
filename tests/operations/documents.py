"""The repository's documents as tests read them: tables, and the tacho commands that are named."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
_SKIPPED = {".venv", ".venv-bench", ".tacho", "node_modules"}
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)


def table(header: str, document: Path = OPERATIONS) -> list[list[str]]:
    """The rows below the table head that begins with `header`, cell by cell."""
    lines = document.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def spans(text: str) -> list[str]:
    """What stands in back quotes."""
    return _SPAN.findall(text)


def documents() -> list[Path]:
    """Every Markdown file of the tree."""
    return sorted(path for path in ROOT.rglob("*.md") if not _SKIPPED & set(path.relative_to(ROOT).parts))


def commands(document: Path) -> Iterator[str]:
    """Every command that begins with tacho, in lines of code and in back quotes; remarks after # are left out."""
    text = document.read_text(encoding="utf-8")
    fenced = [line for block in _FENCE.findall(text) for line in block.splitlines()]
    for code in [*fenced, *spans(_FENCE.sub("", text))]:
        plain = code.split("  #")[0].split(" # ")[0].strip().removeprefix("$ ").removeprefix(".venv/bin/")
        if plain.startswith("tacho "):
            yield plain
