import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tacho.errors import TachoError, UsageError
from tacho.local.layout import RunFolder
from tacho.local.record import open_record
from tacho.local.settings import RunSettings


def settings(root: Path) -> RunSettings:
    return RunSettings(RunFolder(root), jars=root, port=19999, window_seconds=10)


def written(root: Path) -> dict[str, object]:
    return dict(json.loads((root / "run.json").read_text(encoding="utf-8")))


def test_the_record_holds_what_the_verifier_must_know(tmp_path: Path) -> None:
    open_record(settings(tmp_path)).write()
    assert written(tmp_path).keys() == {
        *("servers", "dims", "journal", "replays", "rules", "gear_policy", "allowed_lateness_seconds"),
        *("window_seconds", "window_slide_seconds", "encoding", "seed", "cars", "speed_up", "starts", "kills"),
    }


def test_a_window_without_a_slide_slides_by_its_size(tmp_path: Path) -> None:
    open_record(settings(tmp_path)).write()
    assert written(tmp_path)["window_slide_seconds"] == 10


def test_every_start_and_kill_is_on_disk_at_once(tmp_path: Path) -> None:
    record = open_record(settings(tmp_path))
    record.started("producer")
    record.started("producer")
    record.killed("producer", 1_795_000_000_000)
    assert written(tmp_path)["starts"] == {"producer": 2}
    assert written(tmp_path)["kills"] == [{"service": "producer", "at": 1_795_000_000_000}]


def test_a_second_run_in_a_folder_goes_on_counting_starts(tmp_path: Path) -> None:
    open_record(settings(tmp_path)).started("enricher")
    open_record(settings(tmp_path)).started("enricher")
    assert written(tmp_path)["starts"] == {"enricher": 2}


@pytest.mark.parametrize(
    ("change", "begun_with"),
    [
        ({"cars": 50}, "--cars 20"),
        ({"seed": 2}, "--seed 1"),
        ({"gear_policy": "speed-band"}, "--gear-policy drivetrain"),
        ({"window_seconds": 20}, "--window 10s"),
        ({"slide_seconds": 5}, "--slide 10s"),
    ],
)
def test_what_a_folder_was_begun_with_cannot_be_changed_later(
    tmp_path: Path, change: dict[str, Any], begun_with: str
) -> None:
    open_record(settings(tmp_path)).started("enricher")
    before = written(tmp_path)
    with pytest.raises(UsageError, match=f"was begun with .*{begun_with}"):
        open_record(replace(settings(tmp_path), **change))
    assert written(tmp_path) == before


@pytest.mark.parametrize("change", [{"port": 18888}, {"rate": 9.0}, {"encoding": "json"}, {"trigger": "micro"}])
def test_what_a_folder_does_not_depend_on_may_change(tmp_path: Path, change: dict[str, Any]) -> None:
    open_record(settings(tmp_path)).started("enricher")
    open_record(replace(settings(tmp_path), **change)).started("enricher")
    assert written(tmp_path)["starts"] == {"enricher": 2}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"starts": [], "kills": []}', '{"starts": {}, "kills": {}}'])
def test_a_broken_record_is_one_sentence_that_says_what_to_remove(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(TachoError, match=r"run\.json .*make clean"):
        open_record(settings(tmp_path))


def test_a_record_that_finds_no_room_says_so(tmp_path: Path) -> None:
    (tmp_path / "run.new").symlink_to("/dev/full")
    with pytest.raises(TachoError, match=r"no room left for .*run\.json"):
        open_record(settings(tmp_path)).started("enricher")
