import pytest

from benchmarks.restoring import bytes_a_car, restored_line
from tacho.errors import TachoError

LOG = """a line of a library
{"partitions": [], "cars": 0, "seconds": 0.0, "event": "state restored", "timestamp": "2026-11-25T10:00:00.500000Z"}
{"partitions": [1], "cars": 7, "seconds": 1.25, "event": "state restored", "timestamp": "2026-11-25T10:00:02.000000Z"}
"""


def test_the_line_that_tells_of_a_restored_fleet_gives_its_moment_and_its_seconds() -> None:
    at, line = restored_line(LOG)
    assert (at % 60, line["cars"], line["seconds"]) == (2.0, 7, 1.25)


def test_a_log_without_that_line_is_an_error() -> None:
    with pytest.raises(TachoError, match="no state was restored"):
        restored_line(LOG.splitlines()[1])


def test_the_slope_of_memory_is_free_of_what_every_worker_needs() -> None:
    assert bytes_a_car([(50_000, 120_000_000), (100_000, 160_000_000), (200_000, 240_000_000)]) == pytest.approx(800)
