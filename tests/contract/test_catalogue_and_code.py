"""The catalogue and the services' code name the same topics, checked in both directions."""

import ast
from pathlib import Path

import pytest

from tacho_contracts.catalogue import load_catalogue

ROOT = Path(__file__).parents[2]
SERVICES = ["producer", "enricher", "alerter"]


def strings_in(service: str) -> set[str]:
    """Every string a service's code or packaged data holds, docstrings left out."""
    found: set[str] = set()
    for path in (ROOT / "services" / service / "src").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for path in (ROOT / "services" / service / "src").rglob("rules.yaml"):
        found |= {word.strip(" []{},") for word in path.read_text(encoding="utf-8").split()}
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_names_only_topics_it_sends_or_receives(service: str) -> None:
    catalogue = load_catalogue()
    named = strings_in(service) & set(catalogue.topics)
    allowed = {topic.name for topic in (*catalogue.sent_by(service), *catalogue.received_by(service))}
    assert named <= allowed


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_names_every_topic_it_is_said_to_send_or_receive(service: str) -> None:
    catalogue = load_catalogue()
    said = {topic.name for topic in (*catalogue.sent_by(service), *catalogue.received_by(service))}
    assert said <= strings_in(service)


def test_the_docs_picture_names_every_topic() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert not [name for name in load_catalogue().topics if name not in text]
