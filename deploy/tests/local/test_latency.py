from pathlib import Path

from tacho.local.latency import latencies_ms, read_received, read_sent, summary


def test_a_percentile_with_fewer_than_ten_samples_beyond_it_is_not_given() -> None:
    assert summary([float(n) for n in range(999)])["p99"] is None


def test_a_percentile_with_ten_samples_beyond_it_is_given() -> None:
    figures = summary([float(n) for n in range(1, 1001)])
    assert (figures["p50"], figures["p90"], figures["p99"], figures["p99.9"]) == (500.0, 900.0, 990.0, None)


def test_the_maximum_and_the_count_are_always_given() -> None:
    assert summary([1.0, 7.25]) == {"n": 2, "max": 7.25, "p50": None, "p90": None, "p99": None, "p99.9": None}


def test_no_alert_gives_no_figure() -> None:
    assert summary([])["max"] is None


def test_latency_runs_from_the_journalled_send_to_the_first_copy_of_the_alert() -> None:
    received = [(5_000, "1000001-1/speeding"), (9_000, "1000001-1/speeding"), (6_000, "1000001-2/high-rpm")]
    assert latencies_ms(received, {"1000001-1": 3_000, "1000001-2": 5_500}) == [2.0, 0.5]


def test_an_alert_of_a_sample_that_was_not_journalled_is_left_out() -> None:
    assert latencies_ms([(5_000, "1000001-1/speeding")], {}) == []


def test_an_unfinished_last_line_of_the_journal_is_ignored(tmp_path: Path) -> None:
    text = "sent,17,1,1000001,1,1,50.0,2000,3\nacked,1000001,1,0,0\nsent,18,1,1000001,2,1,50.0,20"
    (tmp_path / "journal-00000001.csv").write_text(text, encoding="utf-8")
    assert read_sent(tmp_path) == {"1000001-1": 17}


def test_a_tap_that_never_wrote_has_received_nothing(tmp_path: Path) -> None:
    assert list(read_received(tmp_path / "received.csv")) == []
