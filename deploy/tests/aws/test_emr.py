import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tacho.aws.adapters.emr import ClusterJobs, ServerlessJobs
from tacho.aws.enricher import Enricher
from tacho.aws.spark_job import (
    ENRICHER,
    SparkJob,
    settings_digest,
    step_arguments,
    submit_parameters,
)
from tacho.errors import TachoError

ROLE = "arn:aws:iam::123456789012:role/job"
ARN = "arn:aws:emr-serverless:eu-central-1:123456789012:/applications/app1/jobruns/run1"
JOB = SparkJob(
    ENRICHER,
    "s3://b/artifacts/enricher/1",
    environment={"TACHO_KAFKA_MODE": "iam"},
    files={"spark.jars": "s3://b/a.jar,s3://b/b.jar"},
    properties={"spark.executor.cores": "16"},
    streaming=True,
)


def client(service: str) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client(service, region_name="eu-central-1", **keys)  # type: ignore[call-overload]


def test_a_step_runs_in_cluster_mode_with_the_drivers_environment() -> None:
    assert step_arguments(JOB) == [
        *("spark-submit", "--deploy-mode", "cluster", "--name", "enricher"),
        *("--conf", "spark.executor.cores=16", "--conf", "spark.jars=s3://b/a.jar,s3://b/b.jar"),
        *("--conf", "spark.yarn.appMasterEnv.TACHO_KAFKA_MODE=iam", "s3://b/artifacts/enricher/1/main.py"),
    ]


def test_serverless_gets_the_same_as_one_text() -> None:
    words = shlex.split(submit_parameters(JOB))
    assert words[1::2][0] == "spark.emr-serverless.driverEnv.TACHO_KAFKA_MODE=iam"
    assert set(words[::2]) == {"--conf"}


def test_a_step_that_fails_leaves_the_cluster_alone() -> None:
    emr = client("emr")
    with Stubber(emr) as stub:
        stub.add_response("describe_cluster", {"Cluster": {"Status": {"State": "WAITING"}}}, {"ClusterId": "j-1"})
        step = {"Name": "enricher", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": ANY, "Args": ANY}}
        stub.add_response("add_job_flow_steps", {"StepIds": ["s-1"]}, {"JobFlowId": "j-1", "Steps": [step]})
        assert ClusterJobs(emr, "j-1").submit(JOB) == "s-1"


def test_a_cluster_that_is_gone_is_named_with_the_way_to_a_new_one() -> None:
    emr = client("emr")
    status = {"State": "TERMINATED_WITH_ERRORS", "StateChangeReason": {"Message": "no capacity"}}
    with Stubber(emr) as stub:
        stub.add_response("describe_cluster", {"Cluster": {"Status": status}})
        with pytest.raises(TachoError, match="j-1 is terminated_with_errors \\(no capacity\\): `tacho aws up 30-emr`"):
            ClusterJobs(emr, "j-1").submit(JOB)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ({"State": "RUNNING"}, None),
        ({"State": "COMPLETED"}, ""),
        (
            {"State": "FAILED", "FailureDetails": {"Message": "boom.", "LogFile": "s3://l"}},
            "failed: boom; its log is below s3://l",
        ),
        ({"State": "CANCELLED"}, "cancelled: EMR gives no reason"),
    ],
)
def test_a_step_ends_well_or_with_a_reason(status: Mapping[str, Any], outcome: str | None) -> None:
    emr = client("emr")
    with Stubber(emr) as stub:
        stub.add_response("describe_step", {"Step": {"Status": status}}, {"ClusterId": "j-1", "StepId": "s-1"})
        assert ClusterJobs(emr, "j-1").outcome("s-1") == outcome


def test_a_streaming_run_is_started_and_found_by_name() -> None:
    emr = client("emr-serverless")
    driver = {
        "sparkSubmit": {
            "entryPoint": "s3://b/artifacts/enricher/1/main.py",
            "entryPointArguments": [],
            "sparkSubmitParameters": submit_parameters(JOB),
        }
    }
    expected = {
        "applicationId": "app1",
        "clientToken": ANY,
        "executionRoleArn": ROLE,
        "name": "enricher",
        "mode": "STREAMING",
        "jobDriver": driver,
        "configurationOverrides": ANY,
    }
    jobs = ServerlessJobs(emr, "app1", ROLE, "/tacho-dev")
    with Stubber(emr) as stub:
        stub.add_response("start_job_run", {"applicationId": "app1", "jobRunId": "r1", "arn": ARN}, expected)
        assert jobs.submit(JOB) == "r1"
        for mode, runs in (("STREAMING", ["enricher"]), ("BATCH", [])):
            found = [
                {
                    "applicationId": "app1",
                    "id": "r1",
                    "name": name,
                    "arn": ARN,
                    "createdBy": ARN,
                    "createdAt": 1,
                    "updatedAt": 1,
                    "executionRole": ROLE,
                    "state": "RUNNING",
                    "stateDetails": "running",
                    "releaseLabel": "e",
                }
                for name in runs
            ]
            stub.add_response(
                "list_job_runs", {"jobRuns": found}, {"applicationId": "app1", "states": ANY, "mode": mode}
            )
        assert jobs.alive() == {"enricher": "r1"}
        stub.add_response(
            "cancel_job_run",
            {"applicationId": "app1", "jobRunId": "r1"},
            {"applicationId": "app1", "jobRunId": "r1", "shutdownGracePeriodInSeconds": 120},
        )
        jobs.cancel("r1")


def test_a_job_that_was_submitted_and_left_is_waited_for_and_not_submitted_again(clock: Any) -> None:
    emr = client("emr")
    with Stubber(emr) as stub:
        stub.add_response(
            "list_steps", {"Steps": [{"Name": ENRICHER, "Id": "s-1"}]}, {"ClusterId": "j-1", "StepStates": ANY}
        )
        # Each look asks whether it has ended, and then what it does; an attempt that failed begins the count again.
        for state in (*["PENDING"] * 2, *["RUNNING"] * 2, *["PENDING"] * 2, *["RUNNING"] * 2 * 37):
            stub.add_response(
                "describe_step", {"Step": {"Status": {"State": state}}}, {"ClusterId": "j-1", "StepId": "s-1"}
            )
        made = Enricher(ClusterJobs(emr, "j-1"), None, lambda _: None, clock)  # type: ignore[arg-type]
        made.await_start(str(made.running()))
        stub.assert_no_pending_responses()


def test_the_digest_of_settings_changes_with_each_of_them() -> None:
    others = [
        replace(JOB, environment={"TACHO_KAFKA_MODE": "scram"}),
        replace(JOB, properties={"spark.executor.cores": "8"}),
        replace(JOB, files={}),
        replace(JOB, arguments=("cars",)),
    ]
    assert len({settings_digest(job) for job in (JOB, *others)}) == 5
    assert settings_digest(JOB) == settings_digest(replace(JOB))
