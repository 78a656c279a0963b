"""s3:// places off EMR: the same spelling everywhere, served by S3A when its jars are there."""

from collections.abc import Iterable

from tacho_contracts.errors import ContractError
from tacho_enricher.settings import Settings

_S3A = "org.apache.hadoop.fs.s3a"


def s3_conf(settings: Settings) -> dict[str, str]:
    """Spark settings that make S3A serve s3://, at AWS or at the endpoint of the settings."""
    conf = {
        "spark.hadoop.fs.s3.impl": f"{_S3A}.S3AFileSystem",
        # Checkpoints are written through Hadoop's other interface, which has a registry of its own.
        "spark.hadoop.fs.AbstractFileSystem.s3.impl": f"{_S3A}.S3A",
    }
    if settings.s3_endpoint:
        conf["spark.hadoop.fs.s3a.endpoint"] = settings.s3_endpoint
        # A bucket as a part of the host name would need a name server that knows it.
        conf["spark.hadoop.fs.s3a.path.style.access"] = "true"
    return conf


def require_s3_jars(settings: Settings, jars: Iterable[str]) -> None:
    """Raise ContractError when a place is on S3 and none of the jars (their file names) can reach it."""
    places = {"DIMS": settings.dims, "CHECKPOINTS": settings.checkpoints, "STOP": settings.stop}
    if any(name.startswith("hadoop-aws-") for name in jars):
        return
    for name, place in places.items():
        if place.startswith("s3://"):
            raise ContractError(
                f"TACHO_ENRICHER_{name}={place} needs the jars of group s3: fetch them with `tacho jars --group s3` "
                f"and add their folder to TACHO_ENRICHER_JARS"
            )
