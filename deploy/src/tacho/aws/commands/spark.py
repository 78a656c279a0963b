"""Spark jobs of a deployment: where they run, what they are given, and their artefact."""

import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from tacho.aws.adapters.emr import ClusterJobs, ServerlessJobs
from tacho.aws.adapters.images import is_settled, revision_of
from tacho.aws.artifact import STATE, SUMS, build, files, spark_files
from tacho.aws.commands.deployment import Deployment
from tacho.aws.enricher import Enricher
from tacho.aws.ports import Jobs
from tacho.aws.spark_job import ENRICHER, SparkJob, digest
from tacho.aws.stages import EMR, FOUNDATION
from tacho.errors import TachoError
from tacho.local.layout import REPOSITORY


def jobs_of(deployment: Deployment) -> Jobs:
    """The cluster or the application that 30-emr made. Raises TachoError when it is not up."""
    outputs = deployment.states[EMR].outputs if EMR in deployment.states else {}
    if outputs.get("emr_cluster_id"):
        return ClusterJobs(deployment.client("emr"), str(outputs["emr_cluster_id"]))
    application = str(deployment.output("emr_application_id", EMR))
    role, logs = deployment.output("emr_job_role_arn", EMR), deployment.output("log_group_name", FOUNDATION)
    return ServerlessJobs(deployment.client("emr-serverless"), application, str(role), str(logs))


def enricher_of(deployment: Deployment, report: Callable[[str], None]) -> Enricher:
    """The deployment's enricher."""
    return Enricher(jobs_of(deployment), deployment.bucket, report)


def version_here() -> str:
    """The version that this working tree would be released as."""
    return f"{metadata.version('tacho')}-{revision_of(REPOSITORY)}"


def uploaded(deployment: Deployment, version: str, report: Callable[[str], None]) -> None:
    """Build and upload the artefact of a version unless it is there, whole."""
    prefix = f"artifacts/{ENRICHER}/{version}"
    # SHA256SUMS goes last: where it is, everything is.
    if deployment.bucket.read(f"{prefix}/{SUMS}") is not None and is_settled(version):
        report(f"artefact {version} is uploaded")
        return
    if version != version_here():
        raise TachoError(f"There is no artefact {version} in s3://{deployment.bucket.name}/artifacts/{ENRICHER}/.")
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder), version, report)
        for name in files(built):
            report(f"uploading {name} ({(built / name).stat().st_size / 1e6:.1f} MB)")
            deployment.bucket.upload(built / name, f"{prefix}/{name}")


def state_of(deployment: Deployment, version: str) -> str:
    """The shape of the state that a version's queries keep, as a digest; empty when the artefact does not tell."""
    told = deployment.bucket.read(f"artifacts/{ENRICHER}/{version}/{STATE}")
    return "" if told is None else digest(told)


def spark_job(
    deployment: Deployment, name: str, version: str, arguments: Sequence[str] = (), streaming: bool = False
) -> SparkJob:
    """A job of an uploaded artefact, with what 30-emr gives each job."""
    prefix = f"artifacts/{ENRICHER}/{version}/"
    base = f"s3://{deployment.bucket.name}/{prefix}".rstrip("/")
    names = [key.removeprefix(prefix) for key in deployment.bucket.keys(prefix)]
    if SUMS not in names:
        raise TachoError(f"There is no artefact {version} at {base}: `tacho aws release enricher` uploads one.")
    return SparkJob(
        name=name,
        base=base,
        arguments=tuple(arguments),
        environment=dict(deployment.output("enricher_environment", EMR)),
        files=_named(base, names),
        properties=dict(deployment.output("emr_spark_properties", EMR)),
        streaming=streaming,
    )


def _named(base: str, names: Sequence[str]) -> dict[str, str]:
    """The settings that name the artefact's files, by a folder that looks as the uploaded one does."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return spark_files(base, Path(folder))
