"""Spark jobs on an EMR cluster (steps) and on EMR Serverless (job runs), in the words of the Jobs port."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tacho.aws.spark_job import SparkJob, step_arguments, submit_parameters
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_emr import EMRClient
    from mypy_boto3_emr_serverless import EMRServerlessClient

_GONE = frozenset({"TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"})
_WAITING_RUNS = ["SUBMITTED", "PENDING", "SCHEDULED", "QUEUED", "RUNNING", "CANCELLING"]
_GRACE_SECONDS = 120


class ClusterJobs:
    """Steps of one cluster."""

    def __init__(self, client: "EMRClient", cluster: str) -> None:
        self._client: Any = client
        self._cluster = cluster

    def submit(self, job: SparkJob) -> str:
        """Add a step; its id. A step that fails leaves the cluster, and the other steps, alone."""
        self._require_alive()
        step = {
            "Name": job.name,
            "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {"Jar": "command-runner.jar", "Args": step_arguments(job)},
        }
        return str(self._client.add_job_flow_steps(JobFlowId=self._cluster, Steps=[step])["StepIds"][0])

    def alive(self) -> Mapping[str, str]:
        """Ids of steps that wait or run, by name."""
        pages = self._client.get_paginator("list_steps").paginate(
            ClusterId=self._cluster, StepStates=["PENDING", "CANCEL_PENDING", "RUNNING"]
        )
        return {step["Name"]: step["Id"] for page in pages for step in page["Steps"]}

    def state(self, job: str) -> str:
        """EMR's own word for it."""
        return str(self._status(job)["State"])

    def outcome(self, job: str) -> str | None:
        """None while it waits or runs, "" when it ended well, else why not."""
        status = self._status(job)
        if status["State"] in ("PENDING", "CANCEL_PENDING", "RUNNING"):
            return None
        if status["State"] == "COMPLETED":
            return ""
        details = status.get("FailureDetails", {})
        why = details.get("Message") or details.get("Reason") or status.get("StateChangeReason", {}).get("Message")
        log = f"; its log is below {details['LogFile']}" if details.get("LogFile") else ""
        return f"{status['State'].lower()}: {(why or 'EMR gives no reason').rstrip('.')}{log}"

    def cancel(self, job: str) -> None:
        """End it now, in the middle of its batch."""
        self._client.cancel_steps(ClusterId=self._cluster, StepIds=[job], StepCancellationOption="SEND_INTERRUPT")

    def _status(self, job: str) -> Mapping[str, Any]:
        return dict(self._client.describe_step(ClusterId=self._cluster, StepId=job)["Step"]["Status"])

    def _require_alive(self) -> None:
        status = self._client.describe_cluster(ClusterId=self._cluster)["Cluster"]["Status"]
        if status["State"] in _GONE:
            why = status.get("StateChangeReason", {}).get("Message", "EMR gives no reason").rstrip(".")
            raise TachoError(
                f"The EMR cluster {self._cluster} is {status['State'].lower()} ({why}): `tacho aws up 30-emr` makes "
                f"a new one."
            )


class ServerlessJobs:
    """Job runs of one application."""

    def __init__(self, client: "EMRServerlessClient", application: str, role: str, log_group: str) -> None:
        self._client: Any = client
        self._application = application
        self._role = role
        self._log_group = log_group

    def submit(self, job: SparkJob) -> str:
        """Start a run; its id. A streaming run is restarted from its checkpoint by EMR itself."""
        answer = self._client.start_job_run(
            applicationId=self._application,
            clientToken=str(uuid.uuid4()),
            executionRoleArn=self._role,
            name=job.name,
            mode="STREAMING" if job.streaming else "BATCH",
            jobDriver={
                "sparkSubmit": {
                    "entryPoint": job.entry,
                    "entryPointArguments": list(job.arguments),
                    "sparkSubmitParameters": submit_parameters(job),
                }
            },
            configurationOverrides={
                "monitoringConfiguration": {
                    "cloudWatchLoggingConfiguration": {
                        "enabled": True,
                        "logGroupName": self._log_group,
                        "logStreamNamePrefix": job.name,
                    }
                }
            },
        )
        return str(answer["jobRunId"])

    def alive(self) -> Mapping[str, str]:
        """Ids of runs that wait or run, by name."""
        found: dict[str, str] = {}
        # The mode must be named: without it only batch runs are listed.
        for mode in ("STREAMING", "BATCH"):
            pages = self._client.get_paginator("list_job_runs").paginate(
                applicationId=self._application, states=_WAITING_RUNS, mode=mode
            )
            found |= {run.get("name", run["id"]): run["id"] for page in pages for run in page["jobRuns"]}
        return found

    def state(self, job: str) -> str:
        """EMR's own word for it."""
        return str(self._run(job)["state"])

    def outcome(self, job: str) -> str | None:
        """None while it waits or runs, "" when it ended well, else why not."""
        run = self._run(job)
        if run["state"] in _WAITING_RUNS:
            return None
        return (
            ""
            if run["state"] == "SUCCESS"
            else f"{run['state'].lower()}: {run.get('stateDetails') or 'no reason given'}"
        )

    def cancel(self, job: str) -> None:
        """End it now; Spark has two minutes to put things away."""
        self._client.cancel_job_run(
            applicationId=self._application, jobRunId=job, shutdownGracePeriodInSeconds=_GRACE_SECONDS
        )

    def _run(self, job: str) -> Mapping[str, Any]:
        return dict(self._client.get_job_run(applicationId=self._application, jobRunId=job)["jobRun"])
