"""Settings, flags, and that the README tells the truth about them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tacho_producer.cli import parse
from tacho_producer.errors import SettingsError
from tacho_producer.settings import Settings, load_settings, variable

README = Path(__file__).parents[1] / "README.md"


def test_flags_override_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_PRODUCER_CARS", "7")
    monkeypatch.setenv("TACHO_PRODUCER_RATE", "2")
    flags, _ = parse(["simulate", "--cars", "9"])
    settings = load_settings(flags)
    assert (settings.cars, settings.rate) == (9, 2.0)


def test_simulate_is_the_default_command() -> None:
    flags, recording = parse(["--cars", "9"])
    assert flags["cars"] == "9"
    assert recording is None


def test_replay_takes_a_file_and_a_map() -> None:
    _, recording = parse(["replay", "drive.csv", "--map", "ved", "--car-id", "1234567", "--keep-time"])
    assert recording is not None
    assert (str(recording.file), recording.column_map, recording.car_id) == ("drive.csv", "ved", 1234567)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"speed_up": "4"}, "needs seconds"),
        ({"cars": "0"}, "cars"),
        ({"rate": "fast"}, "rate"),
        ({"speeding": "0.6", "over_revving": "0.6"}, "shares of one whole"),
        ({"encoding": "xml"}, "encoding"),
    ],
)
def test_bad_settings_say_what_is_wrong_in_one_sentence(flags: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words) as raised:
        load_settings(flags)
    assert "\n" not in str(raised.value)


def test_a_bad_flag_is_told_by_flag_and_value() -> None:
    with pytest.raises(SettingsError, match=r"^--speed-up: .*, got 'fast'$"):
        load_settings({"speed_up": "fast", "seconds": "9"})


def test_a_bad_variable_is_told_by_variable_and_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_PRODUCER_RATE", "fa\nst")
    with pytest.raises(SettingsError, match=r"^TACHO_PRODUCER_RATE: .*, got 'fa\\nst'$"):
        load_settings({"rate": None})


def test_a_wrong_count_of_restarts_is_told_before_anything_else_is_looked_at(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tacho_producer", "--dims", str(tmp_path / "none")],
        env={**os.environ, "TACHO_RESTARTS": "x"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("tacho_producer: TACHO_RESTARTS: ")
    assert ended.stderr.endswith("got 'x'\n")


def test_the_count_of_restarts_is_the_supervisors_to_give_and_no_flag(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TACHO_RESTARTS", "3")
    flags, _ = parse([])
    assert load_settings(flags).restarts == 3
    with pytest.raises(SystemExit):
        parse(["--restarts", "1"])
    assert "--restarts" in capsys.readouterr().err


def test_bad_settings_end_the_process_with_exit_code_2(dims_folder: Path) -> None:
    command = [sys.executable, "-m", "tacho_producer", "--dims", str(dims_folder), "--cars", "21"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "tacho_enricher.cars_generator --cars 21" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_readme_lists_every_setting_with_its_default_and_description() -> None:
    rows = re.findall(r"^\| `(TACHO_\w+)` \| (.+?) \| (.+?) \|$", README.read_text(), re.MULTILINE)
    listed = {name: (default, text) for name, default, text in rows}
    wanted = {
        variable(name): (f"`{field.default}`" if field.default is not None else "-", field.description)
        for name, field in Settings.model_fields.items()
    }
    assert listed == wanted
