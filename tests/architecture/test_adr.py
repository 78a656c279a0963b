"""Decisions are numbered without gaps and listed."""

from pathlib import Path

ADR = Path(__file__).parents[2] / "docs" / "adr"


def test_decisions_are_numbered_in_a_row_and_each_is_in_the_list() -> None:
    files = sorted(path.name for path in ADR.glob("0*.md"))
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    listed = (ADR / "README.md").read_text(encoding="utf-8")
    assert not [name for name in files if f"({name})" not in listed]


def test_every_decision_says_status_context_decision_and_consequences() -> None:
    for path in ADR.glob("0*.md"):
        text = path.read_text(encoding="utf-8")
        assert all(part in text for part in ("Status:", "## Context", "## Decision", "## Consequences")), path.name
