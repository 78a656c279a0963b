import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tacho.aws.adapters.objects import Bucket
from tacho.aws.adapters.state_store import BucketStates
from tacho.aws.states import Condition, all_outputs, declared_variables, handed_on, output, outputs_below
from tacho.aws.target import Target
from tacho.errors import TachoError, UsageError


def state(**outputs: Any) -> bytes:
    resource = {"mode": "managed", "type": "t", "name": "n", "instances": [{"attributes": {"id": "1"}}]}
    values = {name: {"value": value, "type": "string"} for name, value in outputs.items()}
    return json.dumps({"version": 4, "outputs": values, "resources": [resource]}).encode()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with mock_aws():
        yield boto3.client("s3", region_name="eu-central-1")


def make_bucket(s3: Any, target: Target, region: str = "eu-central-1") -> Bucket:
    s3.create_bucket(Bucket=target.state_bucket, CreateBucketConfiguration={"LocationConstraint": region})
    return Bucket(s3, target.state_bucket)


def test_before_anything_is_up_there_are_no_states(s3: Any, target: Target, tmp_path: Path) -> None:
    store = BucketStates(s3, target, tmp_path / "first.tfstate")
    assert store.read_all() == {}
    store.begin("00-state")


def test_a_stage_is_up_once_its_end_was_noted_and_half_before(s3: Any, target: Target, tmp_path: Path) -> None:
    bucket, store = make_bucket(s3, target), BucketStates(s3, target, tmp_path / "first.tfstate")
    store.begin("20-msk")
    bucket.write("20-msk/terraform.tfstate", state(cluster_arn="arn"))
    assert store.read_all()["20-msk"].condition is Condition.HALF
    store.finish("20-msk")
    states = store.read_all()
    assert states["20-msk"].condition is Condition.UP
    assert output(states, "cluster_arn", "20-msk") == "arn"
    with pytest.raises(TachoError, match="20-msk is up but hands on no size"):
        output(states, "size", "20-msk")
    with pytest.raises(TachoError, match="30-emr is not up: `tacho aws up 30-emr` first"):
        output(states, "emr_cluster_id", "30-emr")


def test_another_machine_gets_the_first_stages_state_from_its_bucket(s3: Any, target: Target, tmp_path: Path) -> None:
    make_bucket(s3, target)
    first = tmp_path / "here" / "first.tfstate"
    first.parent.mkdir()
    first.write_bytes(state(state_bucket=target.state_bucket))
    BucketStates(s3, target, first).finish("00-state")
    other = tmp_path / "there" / "first.tfstate"
    assert BucketStates(s3, target, other).read_all()["00-state"].condition is Condition.UP
    assert other.read_bytes() == first.read_bytes()


def test_a_first_stage_that_was_cut_off_before_its_bucket_is_half(s3: Any, target: Target, tmp_path: Path) -> None:
    first = tmp_path / "first.tfstate"
    first.write_bytes(state())
    assert BucketStates(s3, target, first).read_all()["00-state"].condition is Condition.HALF


def test_a_wrong_region_is_refused_with_the_right_one(s3: Any, target: Target, tmp_path: Path) -> None:
    make_bucket(boto3.client("s3", region_name="eu-west-1"), target, "eu-west-1")
    with pytest.raises(UsageError, match="tacho-dev is kept in eu-west-1 and you asked in eu-central-1"):
        BucketStates(s3, target, tmp_path / "first").read_all()


def test_objects_are_read_written_listed_and_deleted_twice(s3: Any, target: Target) -> None:
    bucket = make_bucket(s3, target)
    bucket.write("a/1", b"x")
    assert (bucket.read("a/1"), bucket.read("a/2"), bucket.keys("a/")) == (b"x", None, ["a/1"])
    bucket.delete("a/1")
    bucket.delete("a/1")
    for key in ("checkpoints/enrich/a", "checkpoints/windows/b"):
        bucket.write(key, b"x")
    bucket.write("checkpoints-of-others", b"x")
    assert (bucket.delete_below("checkpoints/"), bucket.delete_below("checkpoints/")) == (2, 0)
    assert bucket.keys("") == ["checkpoints-of-others"]
    with pytest.raises(TachoError, match="There is no bucket nowhere"):
        Bucket(s3, "nowhere").keys("")


def test_outputs_go_to_those_that_declare_them_and_come_from_earlier_stages_only(paper: Any) -> None:
    states = paper(up=("10-foundation", "20-msk", "30-emr")).states
    assert set(outputs_below("30-emr", states)) == {"of_10", "of_20"}
    assert set(all_outputs(states)) == {"of_10", "of_20", "of_30"}
    declared = declared_variables({"variables.tf": 'variable "of_10" {}\nvariable "size" {}\n# variable "of_20"\n'})
    assert declared == {"of_10", "size"}
    assert handed_on(declared, outputs_below("30-emr", states)) == {"of_10": "10-foundation"}


def test_an_upload_that_aws_refuses_is_what_aws_said(s3: Any, target: Target, tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_bytes(b"x")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        Bucket(s3, "nowhere").upload(file, "a/main.py")
    bucket = make_bucket(s3, target)
    bucket.upload(file, "a/main.py")
    assert bucket.read("a/main.py") == b"x"


def test_a_damaged_state_is_named_with_what_to_do(s3: Any, target: Target, tmp_path: Path) -> None:
    make_bucket(s3, target).write("20-msk/terraform.tfstate", b"{")
    with pytest.raises(TachoError, match="/20-msk/ holds a damaged state: bring an earlier version"):
        BucketStates(s3, target, tmp_path / "first").read_all()
