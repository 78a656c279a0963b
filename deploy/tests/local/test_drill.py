import pytest

from tacho.errors import UsageError
from tacho.local.drill import Drill


def test_a_drill_kills_twice_and_no_more() -> None:
    drill = Drill("alerter", seconds=100.0)
    kills = [second for second in range(200) if drill.due(float(second))]
    assert kills == [35, 65]


def test_a_drill_of_the_enricher_kills_all_its_processes() -> None:
    assert Drill("enricher", seconds=10.0).due(4.0) == ("enricher", "enricher-windows")


def test_a_service_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="choose one of producer, enricher, alerter, broker"):
        Drill("dashboard", seconds=10.0)
