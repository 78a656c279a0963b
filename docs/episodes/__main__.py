"""Draws every picture into docs/rules."""

from pathlib import Path

from docs.episodes.drives import DRIVES
from docs.episodes.picture import picture
from docs.episodes.story import shipped_rules, tell

FOLDER = Path(__file__).parents[1] / "rules"

if __name__ == "__main__":
    rules = shipped_rules()
    for drive in DRIVES:
        (FOLDER / f"{drive.rule}.svg").write_text(picture(tell(drive, rules)), encoding="utf-8")
