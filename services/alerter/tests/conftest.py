"""What tests on a broker begin with."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from fleet import Fleet, Workers


@pytest.fixture
def fleet(broker):
    """The catalogue's topics, all empty."""
    broker.create_topics()
    fleet = Fleet(broker.servers)
    yield fleet
    fleet.close()


@pytest.fixture
def workers(broker, tmp_path):
    """Whatever a test starts is ended with it."""
    workers = Workers(broker.servers, tmp_path)
    yield workers
    workers.end()
