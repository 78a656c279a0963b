import json
import shlex
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tacho.aws.adapters.emr import ClusterJobs, ServerlessJobs
from tacho.aws.enricher import Enricher, Release
from tacho.aws.spark_job import ENRICHER, RELEASE_NOTE, STOP_MARKER, SparkJob, step_arguments, submit_parameters
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


class PaperJobs:
    """One job that ends when the marker is there, some looks later; or never."""

    def __init__(
        self, objects: dict[str, bytes], running: bool = False, ends: bool = True, starts: bool = True
    ) -> None:
        self.objects = objects
        self.running = "s-0" if running else None
        self.ends = ends
        self.starts = starts
        self.submitted: list[SparkJob] = []
        self.marker_at_start: bool | None = None
        self.cancelled: list[str] = []

    def submit(self, job: SparkJob) -> str:
        self.marker_at_start = STOP_MARKER in self.objects
        self.submitted.append(job)
        self.running = f"s-{len(self.submitted)}" if self.starts else None
        return f"s-{len(self.submitted)}"

    def alive(self) -> dict[str, str]:
        return {ENRICHER: self.running} if self.running else {}

    def state(self, job: str) -> str:
        return "RUNNING"

    def outcome(self, job: str) -> str | None:
        if STOP_MARKER in self.objects and self.ends:
            self.running = None
        return None if self.running == job else "" if self.starts else "failed: no such file"

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)
        self.ends = True


class PaperObjects(dict[str, bytes]):
    """A bucket."""

    def keys_below(self, prefix: str) -> list[str]:
        return sorted(key for key in self if key.startswith(prefix))

    def read(self, key: str) -> bytes | None:
        return self.get(key)

    def write(self, key: str, content: bytes) -> None:
        self[key] = content

    def delete(self, key: str) -> None:
        self.pop(key, None)


def enricher(jobs: PaperJobs, objects: Any, clock: Any) -> Enricher:
    return Enricher(jobs, objects, lambda _: None, clock)


def test_a_stop_asks_waits_and_takes_its_request_back(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects, running=True)
    assert enricher(jobs, objects, clock).stop()
    assert STOP_MARKER not in objects
    assert not jobs.cancelled


def test_a_stop_of_nothing_leaves_no_request_behind(clock: Any) -> None:
    objects = PaperObjects()
    assert not enricher(PaperJobs(objects), objects, clock).stop()
    assert not objects


def test_a_late_stop_keeps_the_request_and_offers_force(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects, running=True, ends=False)
    with pytest.raises(TachoError, match=r"did not stop within 7 minutes: .* --force"):
        enricher(jobs, objects, clock).stop()
    assert STOP_MARKER in objects
    assert not jobs.cancelled


def test_a_late_stop_with_force_ends_the_job(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects, running=True, ends=False)
    assert enricher(jobs, objects, clock).stop(force=True)
    assert jobs.cancelled == ["s-0"]


def test_a_start_goes_on_with_the_same_state_and_never_meets_a_stop_request(clock: Any) -> None:
    objects = PaperObjects({STOP_MARKER: b"left behind"})
    jobs = PaperJobs(objects)
    made = enricher(jobs, objects, clock)
    made.start(JOB, Release("1.2", 3))
    assert jobs.marker_at_start is False
    assert jobs.submitted[0].environment["TACHO_ENRICHER_STATE_EPOCH"] == "3"
    assert json.loads(objects[RELEASE_NOTE]) == {"version": "1.2", "epoch": 3}
    assert made.released() == Release("1.2", 3)


def test_an_enricher_that_ends_at_its_start_is_a_failure(clock: Any) -> None:
    objects = PaperObjects()
    with pytest.raises(TachoError, match="ended at its start \\(failed: no such file\\)"):
        enricher(PaperJobs(objects, starts=False), objects, clock).start(JOB, Release("1"))
