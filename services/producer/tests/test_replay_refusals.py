"""What replay cannot use is refused in one sentence that a terminal shows as it is."""

from pathlib import Path

import pytest

from tacho_producer.errors import SettingsError
from tacho_producer.replay.column_map import load_map
from tacho_producer.replay.service import read_file

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
