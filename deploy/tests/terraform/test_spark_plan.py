"""Stage 30-emr: what the true plan of either kind makes, and what the jobs on it may do."""

import json
from typing import Any

import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.policies import allowed
from deploy.tests.terraform.reading import Statement, resources, statements
from deploy.tests.terraform.test_plans import planned, refusal

STAGE = "30-emr"
MANAGED = "for-use-with-amazon-emr-managed-policies"
KINDS = ["cluster", "serverless"]
# One node is what env/dev says.
KIND: dict[str, dict[str, Any]] = {"cluster": {}, "serverless": {"deployment": "serverless"}}
BUCKET = OUTPUTS["bucket_arn"]


def job_statements(kind: str) -> list[Statement]:
    plan = planned(STAGE, KIND[kind])
    role = {"cluster": "aws_iam_role_policy.node", "serverless": "aws_iam_role_policy.job"}[kind]
    return [statement for statement in statements(plan) if statement.address.endswith(role)]


def may(kind: str, action: str, resource: str, **request: str) -> bool:
    return allowed(job_statements(kind), action, resource, {"s3:prefix": request.get("prefix", "")})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("s3:GetObject", "artifacts/enricher/1.0.0/main.py"),
        ("s3:GetObject", "data/dims/car_models/car_models.csv"),
        ("s3:PutObject", "data/dims/cars/cars.csv"),
        ("s3:PutObject", "checkpoints/enrich/cluster-id/e0/offsets/1"),
        ("s3:DeleteObject", "checkpoints/windows/cluster-id/e0/state/0/1.delta"),
        ("s3:GetObject", "control/enricher/stop"),
        ("s3:GetObject", "schemas/SensorSample/v1.avsc"),
    ],
)
def test_jobs_read_what_they_need_and_write_their_own(kind: str, action: str, key: str) -> None:
    assert may(kind, action, f"{BUCKET}/{key}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("s3:PutObject", "artifacts/enricher/1.0.0/main.py"),
        ("s3:PutObject", "data/dims/car_models/car_models.csv"),
        ("s3:DeleteObject", "control/enricher/stop"),
        ("s3:GetObject", "archive/sensors-sample/part-0"),
        ("s3:DeleteObject", "logs/emr/j-1/steps"),
    ],
)
def test_jobs_touch_nothing_else(kind: str, action: str, key: str) -> None:
    assert not may(kind, action, f"{BUCKET}/{key}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefix", ["control/enricher/", "checkpoints/enrich/id/e0/offsets/", "data/dims/cars/"])
def test_spark_may_list_the_folders_it_looks_into(kind: str, prefix: str) -> None:
    assert may(kind, "s3:ListBucket", BUCKET, prefix=prefix)
    assert not may(kind, "s3:ListBucket", BUCKET, prefix="archive/")


def test_everything_emr_touches_carries_its_managed_policys_tag() -> None:
    """The node's subnet and group belong to the foundation, so its plan is asked too."""
    mine = resources(planned(STAGE), "aws_emr_cluster", "aws_security_group")
    theirs = resources(planned("10-foundation"), "aws_vpc", "aws_subnet", "aws_security_group")
    private = [it for it in theirs if "public" not in it.address and "endpoint" not in it.address]
    assert {it.type for it in private} == {"aws_vpc", "aws_subnet", "aws_security_group"}
    untagged = [it.address for it in (*mine, *private) if it.values["tags_all"].get(MANAGED) != "true"]
    assert untagged == []


def test_the_groups_are_our_own_and_can_be_deleted() -> None:
    groups = resources(planned(STAGE), "aws_security_group")
    assert sorted(group.values["name"].removeprefix("tacho-dev-emr-") for group in groups) == [
        "core",
        "master",
        "service-access",
    ]
    assert all(group.values["revoke_rules_on_delete"] for group in groups)


def test_steps_stay_out_of_terraform() -> None:
    # A changed step would replace the cluster: the provider does not let it be ignored.
    (cluster,) = resources(planned(STAGE), "aws_emr_cluster")
    assert not cluster.values.get("step")
    assert cluster.values["step_concurrency_level"] >= 4


def test_the_environment_decides_the_trigger_and_the_size_of_production_fits_its_partitions() -> None:
    text = (offline.ROOT / "deploy/terraform/env/prod/30-emr.tfvars").read_text()
    settings = {line.split("=")[0].strip(): line.split("=")[1].strip() for line in text.splitlines() if "=" in line}
    assert json.loads(settings["trigger"]) in ("realtime", "micro")
    size: dict[str, Any] = {"instance_type": json.loads(settings["instance_type"]), "input_partitions": 24}
    assert resources(planned(STAGE, size), "aws_emr_cluster")


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        (
            {"input_partitions": 20},
            [
                "m5.xlarge has 16 task slots and the enricher needs 22 (one for each of 20 input partitions that the "
                "realtime trigger holds and of 2 window queries): the smallest size that fits is m5.2xlarge."
            ],
        ),
        ({"input_partitions": 200}, ['no single node has so many: deployment = "serverless" with more workers does.']),
        (
            {"deployment": "serverless", "input_partitions": 20},
            [
                "2 workers of 4 vCPU have 8 task slots and the enricher needs 22 (one for each of 20 input partitions "
                "that the realtime trigger holds and of 2 window queries): the smallest number of workers that fits is "
                "6."
            ],
        ),
        (
            {"instance_type": "m5.xlagre", "release_label": "emr-6.15.0", "trigger": "continuous"},
            [
                "instance_type is one of m5.xlarge, m5.2xlarge, m5.4xlarge, m5.8xlarge.",
                "release_label is an EMR release with Spark 4.1 or newer",
                "trigger is realtime or micro.",
            ],
        ),
    ],
)
def test_a_wrong_setting_is_answered_by_a_sentence(wrong: dict[str, Any], sentences: list[str]) -> None:
    said = refusal(STAGE, wrong)
    assert [sentence for sentence in sentences if sentence not in said] == []
