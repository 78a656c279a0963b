"""What docs/reports.md gives receivers to check a signature with."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from tacho.webhook.event import headers_of

GUIDE = Path(__file__).parents[3] / "docs" / "reports.md"
BODY, SECRET = b'{"episode_id":"1000001-17/speeding"}', b"s3cret"


@pytest.fixture
def genuine() -> Any:
    """The function that the guide prints."""
    (snippet,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    there: dict[str, Any] = {}
    exec(snippet, there)
    return there["genuine"]


def signed(at: float) -> str:
    return headers_of(BODY, "k#1", SECRET, int(at))["X-Tacho-Signature"]


def test_the_guides_check_takes_what_is_signed(genuine: Any) -> None:
    assert genuine(BODY, signed(time.time()), SECRET)


def test_the_guides_check_refuses_another_body_another_secret_and_an_old_time(genuine: Any) -> None:
    assert not genuine(BODY + b" ", signed(time.time()), SECRET)
    assert not genuine(BODY, signed(time.time()), b"other")
    assert not genuine(BODY, signed(time.time() - 400), SECRET)
    now, old = signed(time.time()), signed(time.time() - 400)
    assert not genuine(BODY, now.split(",")[0] + "," + old.split(",")[1], SECRET)
