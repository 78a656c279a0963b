"""A Spark job of ours in the words of EMR's two kinds. Pure."""

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ENRICHER = "enricher"
CARS = "cars"
STOP_MARKER = "control/enricher/stop"
CHECKPOINTS = "checkpoints/"
"""Where the enricher keeps its places in the log, and what it has counted."""
RELEASE_NOTE = "control/enricher/release.json"
"""What is released: a Release, so that the next release goes on with the same checkpoint."""


@dataclass(frozen=True)
class SparkJob:
    """`base`: s3:// address of the artefact; `files`: the Spark settings that name its files."""

    name: str
    base: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    streaming: bool = False

    @property
    def entry(self) -> str:
        """The script Spark starts."""
        return f"{self.base}/main.py"


def digest(content: bytes) -> str:
    """Twelve digits that are others for other content."""
    return hashlib.sha256(content).hexdigest()[:12]


def settings_digest(job: SparkJob) -> str:
    """The digest of all that the job is given."""
    given = (*job.arguments, *_options({**job.properties, **job.files, **job.environment}))
    return digest("\n".join(given).encode())


def step_arguments(job: SparkJob) -> list[str]:
    """command-runner.jar's arguments on a cluster. Archives are unpacked beside the driver only in cluster mode."""
    driver = {f"spark.yarn.appMasterEnv.{name}": value for name, value in job.environment.items()}
    settings = _options({**job.properties, **job.files, **driver})
    return ["spark-submit", "--deploy-mode", "cluster", "--name", job.name, *settings, job.entry, *job.arguments]


def submit_parameters(job: SparkJob) -> str:
    """sparkSubmitParameters on EMR Serverless: one text, which it splits as a shell does."""
    driver = {f"spark.emr-serverless.driverEnv.{name}": value for name, value in job.environment.items()}
    return shlex.join(_options({**job.properties, **job.files, **driver}))


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for name in sorted(settings) for part in ("--conf", f"{name}={settings[name]}")]
