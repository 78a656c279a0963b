from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tacho.archive.place import Folder, Place, place_at
from tacho.archive.records import MANIFEST, Archived, Manifest, Piece, decode, encode, manifest_from, pieces
from tacho.archive.restoring import read_manifest
from tacho.errors import TachoError, UsageError

RECORDS = [
    Archived(7, 1_700_000_000_000, b"1000001", b"\xc3\x01bytes", (("ce_id", b"1"), ("empty", None))),
    Archived(8, -1, None, None),
    Archived(9, 5, b"", b""),
]


def test_records_come_back_byte_for_byte_with_time_key_headers_and_tombstones() -> None:
    assert list(decode(encode(RECORDS))) == RECORDS


def test_equal_records_give_equal_files() -> None:
    assert encode(RECORDS) == encode(list(RECORDS))


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_damaged_file_is_one_sentence(cut: int) -> None:
    with pytest.raises(TachoError, match="An archive file cannot be read"):
        list(decode(encode(RECORDS)[:-cut]))


def test_a_files_name_says_what_it_covers_and_names_sort() -> None:
    first, second = Piece(3, 7, 9), Piece(3, 10, 123_456)
    assert first.name == "partition=3/00000000000000000007-00000000000000000009.avro"
    assert pieces([second.name, MANIFEST, "partition=3/x.avro", first.name]) == (first, second)


def test_a_manifest_is_read_back_and_a_later_format_refused() -> None:
    manifest = Manifest("sensors-sample", {0: 5, 1: 0}, 5, 1, 9)
    assert manifest_from(manifest.as_json()) == manifest
    with pytest.raises(TachoError, match="has format 2 and this tool reads 1"):
        manifest_from(manifest.as_json().replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(TachoError, match="is not an archive's manifest"):
        manifest_from(b"[]")


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A folder, and a prefix of a bucket."""
    if request.param == "folder":
        yield place_at(str(tmp_path / "archive"))
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client: Any = boto3.client("s3")
        client.create_bucket(Bucket="tacho-dev-data")
        client.put_object(Bucket="tacho-dev-data", Key="archive/sensors-sample/other/x", Body=b"not ours")
        yield place_at("s3://tacho-dev-data/archive/sensors-sample/uuid/")


def test_files_are_written_listed_and_read_on_disk_and_on_s3_alike(place: Place) -> None:
    place.write("partition=1/b", b"2")
    place.write("partition=0/a", b"1")
    assert list(place.names()) == ["partition=0/a", "partition=1/b"]
    assert (place.read("partition=1/b"), place.read("nothing")) == (b"2", None)


def test_an_unfinished_archive_is_not_read(place: Place) -> None:
    place.write(Piece(0, 7, 9).name, encode(RECORDS))
    with pytest.raises(TachoError, match=r"holds no finished archive: manifest\.json is missing"):
        read_manifest(place)


def test_a_bucket_without_a_prefix_is_no_archive() -> None:
    with pytest.raises(UsageError, match="names no archive"):
        place_at("s3://tacho-dev-data")


def test_a_file_that_was_cut_off_on_disk_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(b"half")
    assert Folder(tmp_path).names() == []
