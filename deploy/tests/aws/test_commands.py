"""The commands as they are typed, against an account that moto plays."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from deploy.tests.aws.typed import DATA_BUCKET, Call, put_up
from tacho.aws.commands import contracts
from tacho.errors import TachoError
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.schemas import records, schema_text


def test_status_names_every_stage_and_what_was_left_half_way(account: Any, call: Call) -> None:
    put_up(account, "10-foundation", bucket_name=DATA_BUCKET)
    put_up(account, "15-egress", "aws_nat_gateway")
    put_up(account, "20-msk", finished=False)
    code, out, _ = call("aws", "status", "--json")
    found = json.loads(out)
    assert (code, found["account"], found["region"]) == (0, "123456789012", "eu-central-1")
    assert {row["stage"]: row["is"] for row in found["stages"]} == {
        "00-state": "down",
        "10-foundation": "up",
        "15-egress": "up",
        "20-msk": "half",
        "30-emr": "down",
        "40-services": "down",
        "50-viewer": "down",
        "60-guard": "down",
    }
    assert "20-msk was left half-way: `tacho aws up 20-msk`" in call("aws", "status")[1].replace("\n", " ")


def test_cost_is_of_what_is_up(account: Any, call: Call) -> None:
    put_up(account, "15-egress", "aws_nat_gateway")
    code, out, _ = call("aws", "cost", "--json")
    assert (code, json.loads(out)["usd_per_day"], json.loads(out)["prices_of"]) == (0, 1.08, "2026-11-24")
    assert json.loads(call("aws", "cost", "20-msk", "--json")[1])["lines"] == []


def test_kafka_stays_while_spark_is_up_and_the_archive_is_offered(account: Any, call: Call) -> None:
    for stage in ("00-state", "10-foundation", "15-egress", "30-emr"):
        put_up(account, stage, bucket_name=DATA_BUCKET)
    put_up(account, "20-msk", cluster_uuid="uuid")
    code, _, err = call("aws", "down", "20-msk", "--yes")
    assert code == 2
    assert "20-msk stays while 30-emr is up, and the log goes with it" in err
    assert "--archive" in err


def test_a_finished_archive_is_known_by_the_clusters_id(account: Any, call: Call) -> None:
    for stage in ("00-state", "10-foundation", "15-egress", "30-emr"):
        put_up(account, stage, bucket_name=DATA_BUCKET)
    put_up(account, "20-msk", cluster_uuid="uuid")
    account.put_object(Bucket=DATA_BUCKET, Key="archive/sensors-sample/uuid/manifest.json", Body=b"{}")
    err = call("aws", "down", "20-msk")[2]
    assert f"a copy is at s3://{DATA_BUCKET}/archive/sensors-sample/uuid" in err


def test_checkpoints_in_a_log_that_is_gone_are_removed_and_nothing_else(account: Any, call: Call) -> None:
    put_up(account, "10-foundation", bucket_name=DATA_BUCKET)
    for key in ("checkpoints/enrich/abc/e0/metadata", "checkpoints/windows/abc/e0/offsets/0", "archive/x"):
        account.put_object(Bucket=DATA_BUCKET, Key=key, Body=b"x")
    code, out, _ = call("aws", "down", "20-msk")
    assert (code, "2 files of the enricher's checkpoints went with the log" in out) == (0, True)
    assert [found["Key"] for found in account.list_objects_v2(Bucket=DATA_BUCKET)["Contents"]] == ["archive/x"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("up", "25-kafka"), "There is no stage '25-kafka': choose one of"),
        (("down", "nothing"), "There is no stage 'nothing'"),
        (("cost", "99"), "There is no stage '99'"),
        (("status", "--region", "eu-middle-9"), "There is no AWS region 'eu-middle-9'"),
        (("status", "--env", "test"), "There is no environment 'test'"),
        (("topics",), "20-msk is not up: `tacho aws up 20-msk` first."),
        (("schemas",), "10-foundation is not up"),
        (("cars",), "10-foundation is not up"),
        (("release", "alerter"), "40-services is not up"),
        (("release", "alerter", "--state-epoch", "1"), "--state-epoch is the enricher's"),
        (("release", "enricher"), "30-emr is not up"),
        (("stop", "producer"), "40-services is not up"),
        (("run", "--", "topics"), "40-services is not up"),
        (("run", "--", "aws", "status"), "needs no place inside the network"),
        (("run", "--", "replay", "drive.csv", "--map", "kit"), "only an archive, `s3://…`, is replayed there"),
        (("run", "--", "tacho", "replay", "--extend-retention", "s3://b/archive"), "40-services is not up"),
        (("page",), "40-services is not up"),
        (("sweep", "--delete", "--json"), "--delete asks, and --json only prints"),
        (("cost", "all", "--plan"), "A plan is made for one stage at a time"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_no_success(
    account: Any, call: Call, words: tuple[str, ...], sentence: str
) -> None:
    code, _, err = call("aws", *words)
    assert code in (1, 2)
    assert sentence in err
    assert err.count("\n") == 1


def test_credentials_that_aws_does_not_know_are_one_sentence(
    account: Any, call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    code, _, err = call("aws", "status")
    assert code == 1
    assert err.startswith("tacho: There are no usable AWS credentials")


def test_off_with_nothing_up_says_that_nothing_costs(account: Any, call: Call) -> None:
    code, out, _ = call("aws", "off")
    assert (code, "nothing costs by the hour" in out) == (0, True)
    put_up(account, "15-egress", "aws_nat_gateway")
    assert json.loads(call("aws", "off", "--json")[1]) == {
        "stopped": [],
        "still_costs": [{"address": "aws_nat_gateway.this", "usd_per_day": 1.08}],
        "usd_per_day": 1.08,
    }


class PaperGlue:
    """A registry that holds version 1 of everything."""

    def __init__(self, client: object, registry: str) -> None:
        self.published = {record: {1: schema_text(record)} for record in records()}

    def versions(self, record: str) -> dict[int, str]:
        return self.published[record]

    def register(self, record: str, version: int, text: str) -> None:
        raise TachoError("nothing is missing")


def test_schemas_are_compared_and_put_where_readers_look(
    account: Any, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_up(account, "10-foundation", bucket_name=DATA_BUCKET, registry_name="tacho-dev")
    monkeypatch.setattr(contracts, "GlueSchemas", PaperGlue)
    code, out, _ = call("aws", "schemas", "--json")
    assert code == 0
    assert {row["record"] for row in json.loads(out)} == set(records())
    found = account.get_object(Bucket=DATA_BUCKET, Key="schemas/Alert/v1.avsc")["Body"].read().decode()
    assert found == schema_text("Alert")


def test_a_log_group_that_no_stage_knows_is_found_and_removed_when_asked(account: Any, call: Call) -> None:
    logs = boto3.client("logs", region_name="eu-central-1")
    logs.create_log_group(logGroupName="/aws/emr/tacho-dev-enricher")
    logs.create_log_group(logGroupName="/aws/emr/somebody-else")
    code, out, _ = call("aws", "sweep", "--json")
    assert code == 1
    (left,) = [one for one in json.loads(out)["left"] if one["kind"] == "log-group"]
    assert left["id"] == "/aws/emr/tacho-dev-enricher"
    assert left["command"] == "aws logs delete-log-group --log-group-name /aws/emr/tacho-dev-enricher"
    assert call("aws", "sweep", "--delete", "--yes")[0] == 0
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == ["/aws/emr/somebody-else"]


class PaperMsk:
    """A cluster that lacks alert-data."""

    def __init__(self, client: object, cluster: str) -> None:
        assert cluster == "arn:msk"

    def ensure(self, topics: Any, replication: int, report: Any) -> list[str]:
        report("alert-data is being created")
        return ["alert-data"]


def test_topics_tells_programs_what_was_created_and_nothing_else(
    account: Any, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_up(account, "20-msk", cluster_arn="arn:msk")
    monkeypatch.setattr(contracts, "MskTopics", PaperMsk)
    code, out, _ = call("aws", "topics", "--json")
    expected = {"created": ["alert-data"], "topics": list(load_catalogue().topics), "replication_factor": 3}
    assert (code, json.loads(out)) == (0, expected)
    assert "created alert-data" in call("aws", "topics")[1]
