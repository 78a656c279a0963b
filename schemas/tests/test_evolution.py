"""Schemas change without breaking anybody: proved on bytes with a second version made up for the test."""

import json
from pathlib import Path

import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse

from tacho_contracts.codec import Codec, header
from tacho_contracts.errors import ContractError, Rejected
from tacho_contracts.schemas import records, schema_fingerprint, schema_text, writer_schemas


def with_field(text: str, **field: object) -> str:
    schema = json.loads(text)
    schema["fields"].append(field)
    return json.dumps(schema)


@pytest.fixture
def two_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A schema folder in which SensorSample has a v2 with an additional, defaulted field."""
    for record in records():
        folder = tmp_path / record
        folder.mkdir()
        (folder / "v1.avsc").write_text(schema_text(record), encoding="utf-8")
    newer = with_field(schema_text("SensorSample"), name="fuel_level", type=["null", "double"], default=None)
    (tmp_path / "SensorSample" / "v2.avsc").write_text(newer, encoding="utf-8")
    monkeypatch.setenv("TACHO_SCHEMAS", str(tmp_path))
    return newer


def test_a_reader_of_version_1_reads_a_writer_of_version_2(two_versions: str) -> None:
    body = Codec("SensorSample").encode(
        {"event_id": "1000001-1", "car_id": 1000001, "sequence": 1, "event_time": 5, "speed": 1.0, "rpm": 2, "gear": 1}
    )[10:]
    half_full = b"\x02" + b"\x00\x00\x00\x00\x00\x00\xe0\x3f"
    written_by_v2 = b"\xc3\x01" + schema_fingerprint(two_versions) + body + half_full
    assert Codec("SensorSample").decode(written_by_v2)["event_id"] == "1000001-1"
    assert "fuel_level" not in Codec("SensorSample").decode(written_by_v2)


def test_without_its_avsc_the_newer_version_is_an_unknown_schema(two_versions: str) -> None:
    fingerprint = schema_fingerprint(with_field(two_versions, name="x", type="int", default=0))
    with pytest.raises(Rejected, match="unknown-schema"):
        Codec("SensorSample").decode(b"\xc3\x01" + fingerprint + b"\x00")


def test_every_pair_of_released_versions_reads_each_other() -> None:
    checker = ReaderWriterCompatibilityChecker()
    for record in records():
        versions = [parse(schema.text) for schema in writer_schemas(record)]
        for reader in versions:
            for writer in versions:
                result = checker.get_compatibility(reader, writer)
                assert result.compatibility is SchemaCompatibilityType.compatible, f"{record}: {result.messages}"


def test_released_versions_of_a_record_differ_in_their_fingerprint() -> None:
    for record in records():
        fingerprints = [schema.fingerprint for schema in writer_schemas(record)]
        assert len(set(fingerprints)) == len(fingerprints), record


def test_a_schema_folder_that_is_not_there_is_named_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_SCHEMAS", "/nowhere/at-all")
    with pytest.raises(ContractError, match="/nowhere/at-all"):
        writer_schemas("SensorSample")


def test_a_file_that_is_not_named_by_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Alert").mkdir()
    (tmp_path / "Alert" / "latest.avsc").write_text(schema_text("Alert"), encoding="utf-8")
    monkeypatch.setenv("TACHO_SCHEMAS", str(tmp_path))
    with pytest.raises(ContractError, match=r"latest\.avsc"):
        writer_schemas("Alert")


def test_released_schemas_are_immutable() -> None:
    """The header of each released version, written down: a changed avsc breaks every record on every log."""
    written_down = Path(__file__).parent / "released_fingerprints.json"
    released = json.loads(written_down.read_text(encoding="utf-8"))
    current = {f"{record}/v{s.version}": s.fingerprint.hex() for record in records() for s in writer_schemas(record)}
    assert current == released


def test_the_header_names_the_packaged_version() -> None:
    assert header("Alert")[2:] == schema_fingerprint(schema_text("Alert"))
