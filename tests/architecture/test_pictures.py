"""What the README and the architecture say of topics is what the catalogue says."""

import re
from pathlib import Path

import pytest

from tacho_contracts.catalogue import Topic, load_catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue()
OF_EVERY_SERVICE = {"service-status"}


def stage_rows() -> dict[str, tuple[set[str], set[str]]]:
    """By service: the topics that the README's table of stages says it reads and writes."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Stages")[2].partition("\n## ")[0]
    rows: dict[str, tuple[set[str], set[str]]] = {}
    for service, reads, writes in re.findall(r"^\| \[(\w+)\].*? \| .*? \| (.*?) \| (.*?) \|", text, re.MULTILINE):
        known = rows.setdefault(service, (set(), set()))
        known[0].update(set(re.findall(r"`([\w-]+)`", reads)) & set(CATALOGUE.topics))
        known[1].update(re.findall(r"`([\w-]+)`", writes))
    return rows


def names(topics: tuple[Topic, ...]) -> set[str]:
    return {topic.name for topic in topics} - OF_EVERY_SERVICE


@pytest.mark.parametrize("service", ["producer", "enricher", "alerter"])
def test_the_readme_says_what_a_service_reads_and_writes(service: str) -> None:
    reads, writes = stage_rows()[service]
    assert reads == names(CATALOGUE.received_by(service))
    assert writes == names(CATALOGUE.sent_by(service))


def test_the_architecture_draws_who_writes_dead_letters() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (drawn,) = re.findall(r"dead-letters ◀── (.*?)   ", text)
    assert {writer.partition(" · ")[0] for writer in drawn.split(", ")} == CATALOGUE.topics["dead-letters"].senders
