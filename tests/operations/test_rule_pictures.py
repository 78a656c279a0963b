"""The pictures of docs/rules.md are what the engine tells of their drives under the shipped rules."""

import xml.etree.ElementTree as ET

import pytest

from docs.episodes.__main__ import FOLDER
from docs.episodes.drives import DRIVES, Drive
from docs.episodes.picture import picture
from docs.episodes.story import shipped_rules, tell
from tests.operations.documents import ROOT

RULES = shipped_rules()
SVG = "{http://www.w3.org/2000/svg}"
NAMES = [drive.rule for drive in DRIVES]


def test_every_shipped_rule_has_a_picture_in_the_order_of_the_file() -> None:
    assert [rule.id for rule in RULES.rules] == NAMES
    assert sorted(path.stem for path in FOLDER.glob("*")) == sorted(NAMES)


@pytest.mark.parametrize("drive", DRIVES, ids=NAMES)
def test_a_picture_is_what_the_engine_tells_today(drive: Drive) -> None:
    drawn = (FOLDER / f"{drive.rule}.svg").read_text(encoding="utf-8")
    assert drawn == picture(tell(drive, RULES)), "draw it anew: .venv/bin/python -m docs.episodes"


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_page_shows_the_picture_and_says_what_is_on_it(name: str) -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    shown = [line for line in page.splitlines() if line.endswith(f"](rules/{name}.svg)")]
    assert len(shown) == 1
    assert len(shown[0].partition("![")[2].partition("]")[0].split()) > 5


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_tells_its_content_to_who_cannot_see_it(name: str) -> None:
    root = ET.parse(FOLDER / f"{name}.svg").getroot()
    title, description = (root.findtext(f"{SVG}{part}") or "" for part in ("title", "desc"))
    assert title.startswith(name)
    assert all(state in description for state in ("OPENED at", "CLOSED at", "peak"))


def test_a_drive_without_an_episode_is_refused() -> None:
    speeding = DRIVES[0]
    with pytest.raises(ValueError, match="speeding is not one episode"):
        tell(speeding._replace(speed=[100.0] * 10), RULES)
