import pytest

from tacho.errors import UsageError
from tacho.local.settings import parse_seconds, whole_seconds


@pytest.mark.parametrize(("text", "seconds"), [("60", 60.0), ("10s", 10.0), ("15m", 900.0), ("1.5h", 5400.0)])
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "10d", "-5s", "0"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no duration"):
        parse_seconds(text)


def test_a_window_must_be_whole_seconds() -> None:
    with pytest.raises(UsageError, match="whole number of seconds"):
        whole_seconds("2.5s")
