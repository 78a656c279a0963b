import pytest

from tacho.consume.moments import moment_ms
from tacho.errors import UsageError

NOW = 1_795_000_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", NOW - 86_400_000),
        ("1.5m", NOW - 90_000),
        ("7d", NOW - 604_800_000),
        ("2026-11-18T11:06:40Z", NOW),
        ("2026-11-18T12:06:40+01:00", NOW),
        ("2026-11-18T11:06:40", NOW),
    ],
)
def test_a_moment_is_so_long_ago_or_an_iso_time_in_utc(text: str, expected: int) -> None:
    assert moment_ms(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "h", "24", "-1h", "nanh", "infd", "yesterday", "24 hours", "2026-13-01"])
def test_other_text_is_refused_with_the_form_that_is_meant(text: str) -> None:
    with pytest.raises(UsageError, match="write how long ago"):
        moment_ms(text, NOW)
