"""The producer as a process against a real broker."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from logs import make_empty, records, samples, topics_seen, wait_for

from tacho_contracts.codec import decode_any
from tacho_contracts.connection import Connection
from tacho_producer.journal import segments
from tacho_producer.log_records import decode_sample
from tacho_producer.resume import last_in_log

pytestmark = pytest.mark.broker

Run = Callable[..., subprocess.Popen[str]]


def lines_of(journal: Path, kind: str) -> list[list[str]]:
    lines = (line for path in segments(journal) for line in path.read_text().splitlines())
    return [line.split(",") for line in lines if line.startswith(f"{kind},")]


def test_a_bounded_run_delivers_everything_the_journal_says(start: Run, log: Any, tmp_path: Path) -> None:
    run = start("--seconds", "300", "--speed-up", "inf", "--journal", str(tmp_path / "journal"))
    assert run.wait(60) == 0, run.communicate()
    sent, acked = lines_of(tmp_path / "journal", "sent"), lines_of(tmp_path / "journal", "acked")
    in_log = {}
    for message in samples(log.servers):
        sample = decode_sample(message.value())
        assert message.key() == str(sample.car_id).encode()
        fields = [str(sample.car_id), str(sample.sequence), str(sample.event_ms), repr(sample.speed)]
        in_log[message.partition(), message.offset()] = [*fields, str(sample.rpm), str(sample.gear)]
    assert sorted(line[3:] for line in sent) == sorted(in_log.values())
    assert len(sent) == 20 * 300
    assert {(int(line[3]), int(line[4])): line[1:3] for line in acked} == {
        place: fields[:2] for place, fields in in_log.items()
    }


def test_the_same_seed_and_start_give_the_same_bytes_and_timestamps(start: Run, log: Any) -> None:
    def once() -> list[tuple[int, Any, bytes]]:
        make_empty(log)
        run = start("--seconds", "60", "--speed-up", "inf", "--start", "2026-01-01T00:00:00Z", "--seed", "9")
        assert run.wait(60) == 0, run.communicate()
        return [(m.partition(), m.timestamp(), m.value()) for m in records(log.servers, "sensors-sample")]

    assert sorted(once()) == sorted(once())


def test_killed_mid_run_it_repeats_nothing_loses_no_acked_sample_and_ends_in_time(
    start: Run, log: Any, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    arguments = ("--seconds", "8", "--rate", "20", "--journal", str(journal))
    for restarts in range(2):
        acked = len(lines_of(journal, "acked"))
        run = start(*arguments, restarts=restarts)
        wait_for("a delivery", lambda acked=acked: len(lines_of(journal, "acked")) > acked + 100)
        run.kill()
        run.wait()
    assert start(*arguments, restarts=2).wait(60) == 0
    in_log = [decode_sample(message.value()) for message in samples(log.servers)]
    pairs = [(str(sample.car_id), str(sample.sequence)) for sample in in_log]
    assert len(pairs) == len(set(pairs))
    assert {tuple(line[1:3]) for line in lines_of(journal, "acked")} <= set(pairs)
    assert set(pairs) <= {tuple(line[3:5]) for line in lines_of(journal, "sent")}
    assert max(sample.event_ms for sample in in_log) - min(sample.event_ms for sample in in_log) < 8_000


def test_without_a_journal_it_goes_on_from_the_end_of_the_log(start: Run, log: Any, dims_folder: Path) -> None:
    assert start("--seconds", "40", "--speed-up", "inf").wait(60) == 0
    assert start("--seconds", "1").wait(60) == 0
    in_log = [decode_sample(message.value()) for message in samples(log.servers)]
    cars = {sample.car_id for sample in in_log}
    assert sorted((s.car_id, s.sequence) for s in in_log) == [(car, n) for car in sorted(cars) for n in range(1, 42)]
    last = last_in_log(Connection(servers=log.servers), "sensors-sample", [*cars, 9_999_999])
    assert {car: sequence for car, (sequence, _) in last.items()} == dict.fromkeys(cars, 41)


def test_sigterm_stops_it_with_everything_delivered(start: Run, log: Any, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    run = start("--rate", "50", "--journal", str(journal))
    wait_for("a delivery", lambda: len(lines_of(journal, "acked")) > 50)
    run.send_signal(signal.SIGTERM)
    assert run.wait(20) == 0, run.communicate()
    assert len(lines_of(journal, "sent")) == len(lines_of(journal, "acked"))


def test_it_reports_its_status(start: Run, log: Any) -> None:
    assert start("--seconds", "3", restarts=4).wait(60) == 0
    message = records(log.servers, "service-status")[-1]
    record, _, status = decode_any(message.value())
    assert (record, message.key()) == ("ServiceStatus", b"producer/producer")
    assert (status["service"], status["ready"], status["restarts"]) == ("producer", True, 4)


def test_a_missing_topic_is_one_sentence(start: Run, log: Any) -> None:
    log.delete_topics()
    wait_for("the topic's end", lambda: "sensors-sample" not in topics_seen(log))
    run = start("--seconds", "1")
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "no topic sensors-sample" in errors


def test_a_replayed_drive_arrives_and_is_reported(start: Run, log: Any, tmp_path: Path) -> None:
    drive, report = tmp_path / "drive.csv", tmp_path / "report.json"
    rows = [f"07:11:{second:02d}.000,{1000 + second},{second}" for second in range(30)]
    drive.write_text("\n".join(["Time,Engine RPM [RPM],Vehicle Speed Sensor [km/h]", *rows, "x,,"]))
    arguments = ("--map", "kit", "--car-id", "7654321", "--speed-up", "inf", "--report", str(report))
    run = start("replay", str(drive), *arguments)
    assert run.wait(60) == 0, run.communicate()
    told = json.loads(report.read_text())
    assert (told["samples"], told["samples_acked"], told["rows_dropped"]) == (30, 30, {"no-time": 1})
    assert told["gear_source"] == "derived"
    found = [decode_sample(message.value()) for message in samples(log.servers)]
    assert [(s.car_id, s.sequence, s.speed, s.rpm) for s in found] == [
        (7654321, second + 1, float(second), 1000 + second) for second in range(30)
    ]


def test_keep_time_refuses_a_log_that_holds_newer_samples(start: Run, log: Any, tmp_path: Path) -> None:
    drive = tmp_path / "drive.csv"
    drive.write_text("timestamp,RPM,SPEED\n2024-01-01 00:00:00,2000,60\n2024-01-01 00:00:01,2000,60\n")
    arguments = ("replay", str(drive), "--map", "corsa", "--keep-time")
    assert start(*arguments).wait(60) == 0
    again = start(*arguments)
    _, errors = again.communicate(timeout=60)
    assert again.returncode == 2
    assert "already holds newer samples" in errors
