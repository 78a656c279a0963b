"""What replay cannot use is refused in one sentence that a terminal shows as it is."""

import time
from pathlib import Path

import pytest

from tacho_producer.errors import SettingsError
from tacho_producer.replay import service
from tacho_producer.replay.column_map import load_map
from tacho_producer.replay.identity import ReplayOptions
from tacho_producer.replay.service import read_file
from tacho_producer.settings import Settings

MAP = "form: wide\ntime: {column: t, kind: auto}\nspeed: [{column: v, unit: km/h}]\nrpm: [{column: r, unit: rpm}]\n"
HEADER = b"Time,Engine RPM [RPM],Vehicle Speed Sensor [km/h]\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, r"^no column map .*own\.yaml: .*one of carobd, corsa"),
        (b"form: wide", r"own\.yaml is not a column map: time: Field required$"),
        (b"", r"own\.yaml is not a column map: it is empty"),
        (b"a: b: c", r"own\.yaml is not a column map: line 1, column 5: mapping values are not allowed here$"),
        (b"\x7fELF\x00\x01", r"own\.yaml is not a column map: it is not a text file in YAML$"),
        (b"\xff\xfe\x1b[31m", r"own\.yaml is not a column map: it is not a text file in YAML$"),
        ((MAP + "fill_seconds: 3\nspeed_limit: 3").encode(), r": speed_limit: Extra inputs are not permitted$"),
        ((MAP + "fill_seconds: soon").encode(), r": fill_seconds: .*, got 'soon'$"),
        ((MAP + 'fill_seconds: 3\n"\\e[31mred": 3').encode(), r": '\\x1b\[31mred': Extra inputs are not permitted"),
        ((MAP.replace("km/h", "knots") + "fill_seconds: 3").encode(), r": speed\.0\.unit: .*, got 'knots'$"),
    ],
)
def test_an_unusable_map_is_one_sentence_with_file_and_key(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "own.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=words) as raised:
        load_map(str(path))
    assert str(raised.value).isprintable()
    assert "pydantic" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x7fELF\x02\x01\x00\x00\x1b[31m,b\n", r"has no column 'Time'; it has '\\x7fELF"),
        (b"", "has no column 'Time'; it has no header"),
        (HEADER + b"9" * 200_000, r"line 2 of the recording is no CSV: field larger"),
    ],
)
def test_an_unusable_recording_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "drive.csv"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=words) as raised:
        read_file(path, load_map("kit"))
    assert str(raised.value).isprintable()


class Sent(Exception):
    """The replay was not refused: it went on to its journal."""


def replay_as_fast_as_possible(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dims: Path, seconds: int, newest_ms: int
) -> None:
    """Replay a drive of so many seconds, ending now, into a log whose newest sample has this time."""

    def journal(_settings: Settings) -> None:
        raise Sent

    monkeypatch.setattr(service, "newest_in_log", lambda *_: newest_ms)
    monkeypatch.setattr(service, "open_journal", journal)
    rows = (f"1,8,1,{second * 1000},30,1400\n" for second in (0, seconds - 1))
    drive = tmp_path / "drive.csv"
    drive.write_text("DayNum,VehId,Trip,Timestamp(ms),Vehicle Speed[km/h],Engine RPM[RPM]\n" + "".join(rows))
    settings = Settings(dims=str(dims), speed_up=float("inf"), seconds=float("inf"))
    service.replay(settings, ReplayOptions(drive, "ved"), lambda: True)


def test_a_drive_that_would_begin_over_an_hour_behind_the_log_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dims_folder: Path
) -> None:
    now_ms = int(time.time() * 1000)
    with pytest.raises(SettingsError, match="more than an hour before the newest sample of the log") as raised:
        replay_as_fast_as_possible(monkeypatch, tmp_path, dims_folder, seconds=3700, newest_ms=now_ms)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("seconds", "newest_seconds_ago"),
    [
        pytest.param(3500, 0, id="less than an hour long"),
        pytest.param(3700, 200, id="the log's newest sample is not far enough ahead"),
        pytest.param(7200, None, id="an empty log"),
    ],
)
def test_a_drive_that_windows_still_wait_for_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dims_folder: Path, seconds: int, newest_seconds_ago: int | None
) -> None:
    newest_ms = 0 if newest_seconds_ago is None else int(time.time() * 1000) - newest_seconds_ago * 1000
    with pytest.raises(Sent):
        replay_as_fast_as_possible(monkeypatch, tmp_path, dims_folder, seconds, newest_ms)
