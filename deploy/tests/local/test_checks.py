import socket
from pathlib import Path

import pytest

from tacho.errors import TachoError
from tacho.local.checks import check_disk, check_jars, check_java, check_port, check_python, check_registry


def no_java() -> str:
    raise TachoError("Java is missing: install a Java 17 (or newer) runtime.")


def test_an_old_python_is_told_what_to_install() -> None:
    finding = check_python((3, 10))
    assert not finding.well
    assert "3.11" in finding.sentence


@pytest.mark.parametrize("said", ['openjdk version "17.0.15" 2025-04-15', 'java version "21" 2023-09-19'])
def test_java_17_and_newer_are_well(said: str) -> None:
    assert check_java(lambda: said).well


def test_java_8_with_its_old_numbering_is_too_old() -> None:
    assert check_java(lambda: 'java version "1.8.0_392"').sentence == "Java is 8: install Java 17 or newer."


def test_a_missing_java_is_one_sentence() -> None:
    assert check_java(no_java).sentence.startswith("Java is missing: install")


def test_a_taken_port_names_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finding = check_port(port, None)
    assert not finding.well
    assert f"--port {port + 10}" in finding.sentence


def test_the_port_of_the_pipeline_that_runs_is_no_fault() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert check_port(port, f"127.0.0.1:{port}").well


def test_jars_not_fetched_are_counted(tmp_path: Path) -> None:
    assert check_jars(tmp_path).sentence.endswith("are not fetched yet: run `make jars`.")


def test_a_changed_jar_is_named(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "kafka_2.13-4.1.0.jar").write_bytes(b"something else")
    assert check_jars(tmp_path).sentence.startswith("kafka_2.13-4.1.0.jar differs from jars.lock")


def test_the_disk_of_a_folder_that_is_yet_to_be_made_is_found(tmp_path: Path) -> None:
    assert "of disk are free" in check_disk(tmp_path / "not" / "yet").sentence


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    finding = check_disk(tmp_path / "file")
    assert not finding.well
    assert "TACHO_HOME" in finding.sentence


def test_an_unreachable_registry_says_what_to_set() -> None:
    assert "PIP_INDEX_URL" in check_registry(lambda command: 1).sentence


def test_asking_the_registry_installs_nothing() -> None:
    asked: list[str] = []
    check_registry(lambda command: asked.extend(command) or 0)
    assert "--dry-run" in asked
