"""The journal: write ahead, resume, segments, retention."""

import errno
import os
from pathlib import Path

import pytest

from tacho_producer.errors import LogError, SettingsError
from tacho_producer.journal import Journal, read_last, segments
from tacho_producer.samples import Sample, batch_of

MB = 1 << 20
START = 1_795_000_001_000


def opened(folder: Path, segment_bytes: int = MB, retention_bytes: int = 100 * MB) -> Journal:
    return Journal(folder, segment_bytes, retention_bytes)


def one(car_id: int, sequence: int) -> Sample:
    return Sample(car_id, sequence, 1_795_000_000_000 + sequence, 83.4, 2210, 4)


def test_lines_have_the_format_of_the_interfaces(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.sent(111, [222], batch_of([one(1234567, 5)]))
    journal.acked([(1234567, 5, 3, 42)])
    journal.failed(1234567, 6, "too large, by\nfar")
    assert (tmp_path / "journal-00000001.csv").read_text().splitlines() == [
        "sent,111,222,1234567,5,1795000000005,83.4,2210,4",
        "acked,1234567,5,3,42",
        "failed,1234567,6,too large; by far",
    ]


def test_a_restart_goes_on_after_the_highest_sequence_sent_in_a_new_segment(tmp_path: Path) -> None:
    opened(tmp_path).sent(1, [2, 2, 2], batch_of([one(1234567, 5), one(1234567, 6), one(7654321, 9)]))
    again = opened(tmp_path)
    assert {car: sequence for car, (sequence, _) in again.last.items()} == {1234567: 6, 7654321: 9}
    assert [path.name for path in segments(tmp_path)] == ["journal-00000001.csv", "journal-00000002.csv"]


def test_a_last_line_cut_short_is_ignored(tmp_path: Path) -> None:
    opened(tmp_path).sent(1, [2], batch_of([one(1234567, 5)]))
    with (tmp_path / "journal-00000001.csv").open("a") as out:
        out.write("sent,1,2,1234567,60")
    assert opened(tmp_path).last[1234567][0] == 5


@pytest.mark.parametrize("cut", range(1, 45))
def test_a_line_cut_anywhere_does_not_stop_a_restart(tmp_path: Path, cut: int) -> None:
    opened(tmp_path).sent(1, [2, 2], batch_of([one(1234567, 5), one(1234567, 6)]))
    path = tmp_path / "journal-00000001.csv"
    path.write_bytes(path.read_bytes()[:-cut])
    assert opened(tmp_path).last[1234567][0] == 5


def test_old_segments_go_only_beyond_the_retention_and_every_car_is_remembered(tmp_path: Path) -> None:
    journal = opened(tmp_path, segment_bytes=1, retention_bytes=200)
    for number in range(1, 21):
        journal.sent(1, [2], batch_of([one(1_000_000 + number, number)]))
    assert len(segments(tmp_path)) < 8
    assert {car: sequence for car, (sequence, _) in read_last(tmp_path).items()} == {
        1_000_000 + number: number for number in range(1, 21)
    }


def test_a_start_reads_only_segments_after_the_summary(tmp_path: Path) -> None:
    opened(tmp_path).sent(1, [2], batch_of([one(1234567, 5)]))
    opened(tmp_path)
    (tmp_path / "journal-00000001.csv").write_text("sent,nonsense\n")
    assert read_last(tmp_path)[1234567][0] == 5


def test_a_second_writer_in_the_folder_takes_another_segment(tmp_path: Path) -> None:
    first = opened(tmp_path, segment_bytes=1)
    opened(tmp_path)
    for number in (1, 2):
        first.sent(1, [2], batch_of([one(1234567, number)]))
    assert len(segments(tmp_path)) == 4 or len(segments(tmp_path)) == 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "journal-00000001.csv",
            b"acked,1234567,4,3,41\nsent,nonsense\n",
            r"-00000001\.csv line 2 .*'sent,nonsense'",
        ),
        ("journal-00000001.csv", b"sent,1,2,1234567,five,1795000000005,83.4,2210,4\n", "line 1 "),
        ("journal-00000001.csv", b"\xff\xfe\x00\x00\n", r"line 1 .*xff"),
        ("journal-00000001.csv", b"ent,1,2,1234567,5,1795000000005,83.4,2210,4\n", "line 1 "),
        ("sequences.csv", b"", r"sequences\.csv line 1 "),
        ("sequences.csv", b"through,x,end\n", "line 1 "),
        ("sequences.csv", b"through,1,end\n1234567,5\n", "line 2 "),
        ("sequences.csv", b"through,1,end\n\xff\xfe,5,1\n", "line 2 "),
        ("journal-copy.csv", b"", r"journal-copy\.csv is no segment"),
    ],
)
def test_a_damaged_journal_is_told_by_file_and_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError, match=words) as raised:
        opened(tmp_path)
    assert str(raised.value).isprintable()


def test_a_long_is_shown_by_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "journal-00000001.csv").write_bytes(b"x" * MB + b"\n")
    with pytest.raises(SettingsError, match="line 1 ") as raised:
        opened(tmp_path)
    assert len(str(raised.value)) < 500


def test_a_journal_that_cannot_be_written_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="journal"):
        opened(tmp_path / "file")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_ends_the_producer_before_it_sends_what_it_could_not_note(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    # A segment of its own beyond the first, on a disk without room.
    (tmp_path / "journal-00000002.csv").symlink_to("/dev/full")
    journal._file = os.open(tmp_path / "journal-00000002.csv", os.O_WRONLY)
    with pytest.raises(LogError, match=r"journal .* cannot be written \(No space left on device\)"):
        journal.sent(1, [2], batch_of([one(1234567, 5)]))


def test_a_segment_that_cannot_be_begun_ends_the_producer_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened(tmp_path, segment_bytes=1)
    journal.sent(1, [2], batch_of([one(1234567, 5)]))

    def full(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(LogError, match="cannot be written"):
        journal.sent(1, [2], batch_of([one(1234567, 6)]))


def test_where_faults_are_allowed_a_restart_goes_on_after_the_highest_sequence_and_not_the_last(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MB, MB, faults=True)
    journal.sent(1, [START, START, START], batch_of([one(1234567, 6), one(1234567, 5), one(7654321, 9)]))
    journal.extra(1, "duplicate", [(START, 1234567, 5)])
    journal.extra_acked("duplicate", 3, 43)
    assert {car: sequence for car, (sequence, _) in journal.last.items()} == {1234567: 6, 7654321: 9}
    assert journal.last == read_last(tmp_path)
    assert (tmp_path / "journal-00000001.csv").read_text().splitlines()[::4] == [
        "faults,allowed",
        f"extra,1,{START},1234567,5,duplicate",
    ]
    assert (tmp_path / "journal-00000001.csv").read_text().endswith("\nextra-acked,duplicate,3,43\n")


def test_a_clock_that_was_ahead_on_purpose_does_not_move_the_time_at_which_a_restart_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MB, MB, faults=True)
    ahead = one(1234567, 5)._replace(event_ms=START + 300_000)
    journal.sent(1, [START], batch_of([ahead]))
    assert journal.last == read_last(tmp_path) == {1234567: (5, START)}
