import json
from pathlib import Path

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
