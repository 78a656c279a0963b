"""A checkpoint that would lose or repeat samples unseen is refused in words."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tacho_contracts.errors import ContractError
from tacho_enricher.checkpoint import damage, open_checkpoint

HERE, ELSEWHERE = "5L6g3nShT-eMCtK--X86sw", "AAAA3nShT-eMCtK--X86sw"


def listing(top: set[str], offsets: set[str], commits: set[str]) -> dict[str, set[str]]:
    return {"": top, "offsets": offsets, "commits": commits}


def test_a_new_checkpoint_is_not_damaged() -> None:
    assert damage(listing(set(), set(), set())) is None
    assert damage(listing({"metadata", "sources"}, set(), set())) is None


def test_an_open_batch_after_the_committed_ones_is_not_damage() -> None:
    assert damage(listing({"metadata"}, {"0", "1"}, {"0"})) is None
    assert damage(listing({"metadata"}, {"0"}, set())) is None


def test_a_missing_metadata_file_is_damage() -> None:
    assert "metadata" in str(damage(listing({"offsets"}, {"0"}, {"0"})))


def test_a_missing_offset_file_is_damage() -> None:
    assert "offset file" in str(damage(listing({"metadata"}, {"0"}, {"0", "1"})))


def test_missing_commits_are_damage() -> None:
    assert "never committed" in str(damage(listing({"metadata"}, {"5", "6", "7"}, {"5"})))


def checkpoint_of(root: Path, cluster: str, epoch: int = 0) -> Path:
    folder = root / "enrich" / cluster / f"e{epoch}"
    for log in ("offsets", "commits"):
        (folder / log).mkdir(parents=True)
    (folder / "metadata").write_text('{"id":"x"}')
    (folder / "offsets" / "0").write_text(
        'v1\n{"batchWatermarkMs":0}\n{"sensors-sample":{"0":7}}\n{"sensors-sample":{"1":9}}'
    )
    (folder / "commits" / "0").write_text("v1\n{}")
    return folder


@pytest.mark.spark
def test_a_sound_checkpoint_tells_what_was_committed(spark: SparkSession, tmp_path: Path) -> None:
    folder = checkpoint_of(tmp_path, HERE)
    checkpoint = open_checkpoint(spark, str(tmp_path), "enrich", HERE)
    assert checkpoint.location == str(folder)
    assert checkpoint.committed == {("sensors-sample", 0): 7, ("sensors-sample", 1): 9}


@pytest.mark.spark
def test_a_checkpoint_of_another_cluster_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    checkpoint_of(tmp_path, ELSEWHERE)
    with pytest.raises(ContractError, match="another Kafka cluster"):
        open_checkpoint(spark, str(tmp_path), "enrich", HERE)


@pytest.mark.spark
@pytest.mark.parametrize("lost", ["metadata", "offsets/0"])
def test_a_damaged_checkpoint_is_refused(spark: SparkSession, tmp_path: Path, lost: str) -> None:
    (checkpoint_of(tmp_path, HERE) / lost).unlink()
    with pytest.raises(ContractError, match="damaged"):
        open_checkpoint(spark, str(tmp_path), "enrich", HERE)


@pytest.mark.spark
def test_a_new_state_epoch_begins_beside_the_old_one(spark: SparkSession, tmp_path: Path) -> None:
    old = checkpoint_of(tmp_path, HERE)
    checkpoint = open_checkpoint(spark, str(tmp_path), "enrich", HERE, epoch=1)
    assert checkpoint.location == str(old.parent / "e1")
    assert checkpoint.committed == {}


@pytest.mark.spark
def test_an_older_state_epoch_than_the_newest_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    checkpoint_of(tmp_path, HERE, epoch=10)
    checkpoint_of(tmp_path, HERE, epoch=9)
    with pytest.raises(ContractError, match=r"TACHO_ENRICHER_STATE_EPOCH=9 is behind .*/e10"):
        open_checkpoint(spark, str(tmp_path), "enrich", HERE, epoch=9)


@pytest.mark.spark
def test_a_checkpoint_of_the_layout_without_epochs_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    checkpoint_of(tmp_path, HERE).rename(tmp_path / "moved")
    (tmp_path / "enrich" / HERE).rmdir()
    (tmp_path / "moved").rename(tmp_path / "enrich" / HERE)
    # What an operator of a laptop reads must name the command that ends it, and what keeps the progress elsewhere.
    with pytest.raises(ContractError, match=r"earlier layout: .*`make clean`.*, or move what is in it to .*/e0"):
        open_checkpoint(spark, str(tmp_path), "enrich", HERE)
