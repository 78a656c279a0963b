"""`tacho verify` from the command line: exit codes, and one clear sentence when nothing can be proved."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from confluent_kafka import Producer
from typer.testing import CliRunner

from tacho.local.ports import free_port
from tacho.verify import CannotVerify, verify_command, verify_run
from tacho.verify.quiescence import STAGES
from tacho.verify.run_folder import load_run, load_settings

RUN_JSON = {
    **{"servers": "127.0.0.1:9092", "dims": "dims", "journal": "journal", "replays": "replays", "rules": "rules.yaml"},
    **{"gear_policy": "speed-band", "allowed_lateness_seconds": 120},
    **{"window_seconds": 10, "window_slide_seconds": 10, "starts": {"producer": 1}, "kills": []},
}


@pytest.fixture
def app():
    app = typer.Typer()
    app.command()(verify_command)
    return app


def run_folder_of(world, folder: Path, **changes) -> Path:
    """The run folder of a built world."""
    folder.mkdir(exist_ok=True)
    for path, content in world.dims.items():
        (folder / "dims" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "dims" / path).write_bytes(content)
    (folder / "journal").mkdir()
    (folder / "journal" / "journal-00000001.csv").write_text("".join(world.journal))
    (folder / "rules.yaml").write_text(world.rules)
    (folder / "run.json").write_text(json.dumps(RUN_JSON | changes))
    return folder


def publish(world, servers: str) -> None:
    """Put a built world on a broker, and the word of every stage that nothing waits."""
    producer = Producer({"bootstrap.servers": servers, "partitioner": "murmur2_random"})
    for topic, partitions in world.topics.lists.items():
        for record in (record for records in partitions for record in records):
            producer.produce(topic, record.value, record.key, record.partition, timestamp=record.timestamp)
    assert producer.flush(30) == 0


def status_of(world, stage: str) -> bytes:
    service, instance = stage.split("/")
    return world.codecs["ServiceStatus"].encode(
        {
            **{"service": service, "instance": instance, "version": "0", "since": 0, "at": 0, "ready": True},
            **{"reason": "", "rate": 0.0, "total": 0, "lag": {"0": 0}, "restarts": 0, "state_bytes": 0},
        }
    )


@pytest.fixture
def live_world(world, broker, monkeypatch):
    """A built world on a real broker whose stages speak whenever the verifier looks."""
    broker.create_topics()
    publish(world, broker.servers)
    producer = Producer({"bootstrap.servers": broker.servers})

    def speak(look):
        def look_after_everyone_spoke(self):
            for stage in STAGES:
                producer.produce("service-status", status_of(world, stage), stage)
            assert producer.flush(10) == 0
            return look(self)

        return look_after_everyone_spoke

    from tacho.verify.topics import Watch

    monkeypatch.setattr(Watch, "__call__", speak(Watch.__call__))
    return world


def test_a_folder_without_a_run_cannot_be_verified(tmp_path):
    with pytest.raises(CannotVerify, match=r"there is no run in .*run\.json is missing"):
        verify_run(tmp_path)


def test_a_broker_that_is_away_is_named(world, tmp_path):
    servers = f"127.0.0.1:{free_port()}"
    with pytest.raises(CannotVerify, match=f"no Kafka broker answers at {servers}"):
        verify_run(run_folder_of(world, tmp_path), servers)


def test_a_run_json_without_a_setting_says_which(world, tmp_path):
    folder = run_folder_of(world, tmp_path)
    written = json.loads((folder / "run.json").read_text())
    del written["gear_policy"]
    (folder / "run.json").write_text(json.dumps(written))
    with pytest.raises(CannotVerify, match="gear_policy"):
        verify_run(folder)


def replayed(folder: Path, replay: str, sequence: int) -> None:
    """A journal of one sample, as `tacho replay` leaves it."""
    journal = folder / "replays" / replay / "journal"
    journal.mkdir(parents=True)
    lines = [f"sent,1,1,9900001,{sequence},1,50.0,2000,2\n", f"acked,9900001,{sequence},0,{400 + sequence}\n"]
    (journal / "journal-00000001.csv").write_text("".join(lines))


def test_what_was_replayed_is_proved_too_one_replay_after_the_other(world, tmp_path):
    folder = run_folder_of(world, tmp_path)
    before = len(load_run(load_settings(folder)).journal)
    replayed(folder, "1700000000002", 2)
    replayed(folder, "1700000000001", 1)
    journal = load_run(load_settings(folder)).journal
    assert len(journal) == before + 2
    assert journal[journal.find(9_900_001, 2)].offset == 402


def test_a_run_that_only_replayed_has_a_journal(world, tmp_path):
    folder = run_folder_of(world, tmp_path)
    shutil.rmtree(folder / "journal")
    with pytest.raises(CannotVerify, match="kept no journal"):
        load_run(load_settings(folder))
    replayed(folder, "1700000000001", 1)
    assert len(load_run(load_settings(folder)).journal) == 1


def test_nothing_can_be_proved_is_exit_code_2():
    assert CannotVerify("").exit_code == 2


@pytest.mark.broker
def test_a_right_run_on_a_real_broker_exits_with_0_and_writes_its_report(live_world, broker, tmp_path, app):
    folder = run_folder_of(live_world, tmp_path / "run")
    report = tmp_path / "report.json"
    arguments = ["--run-folder", str(folder), "--servers", broker.servers, "--json", str(report)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(report.read_text())["samples"]["enriched"] == 120


@pytest.mark.broker
def test_a_run_that_lost_a_sample_exits_with_1_and_shows_it(live_world, broker, tmp_path, app):
    live_world.journal += ["sent,1,1,1000001,41,1,50.0,2000,2\n", "acked,1000001,41,0,400\n"]
    folder = run_folder_of(live_world, tmp_path / "run")
    result = CliRunner().invoke(app, ["--run-folder", str(folder), "--servers", broker.servers])
    assert result.exit_code == 1, result.output
    assert "1000001-41: the broker confirmed it, and it is not in the log" in " ".join(result.output.split())


@pytest.mark.broker
def test_tables_that_are_gone_are_named_and_nothing_is_compared(live_world, broker, tmp_path):
    folder = run_folder_of(live_world, tmp_path / "run")
    shutil.rmtree(folder / "dims")
    with pytest.raises(CannotVerify, match="no dimension tables"):
        verify_run(folder, broker.servers)
