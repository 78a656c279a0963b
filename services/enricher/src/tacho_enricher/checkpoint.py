"""Where a query's checkpoint is, and whether it may be used: a wrong one would lose or repeat samples unseen.

Layout: <checkpoints>/<query>/<id of the Kafka cluster>/; offsets of one cluster mean nothing in another.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from tacho_contracts.errors import ContractError

_LOGS = ("offsets", "commits")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that was looked at and may be used. `committed`: next offset by topic and partition."""

    location: str
    committed: Mapping[tuple[str, int], int]


class _Folder:
    """A folder on any file system Hadoop knows, so that a laptop's disk and S3 are one case."""

    def __init__(self, spark: SparkSession, location: str) -> None:
        jvm: Any = spark.sparkContext._jvm
        self._jvm = jvm
        self._path = jvm.org.apache.hadoop.fs.Path(location)
        self._files = self._path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    def names(self, *below: str) -> set[str]:
        """Names of what is in the folder, or in one below it; none when it does not exist."""
        path = self._jvm.org.apache.hadoop.fs.Path("/".join((self._path.toString(), *below)))
        if not self._files.exists(path):
            return set()
        return {status.getPath().getName() for status in self._files.listStatus(path)}

    def text(self, *below: str) -> str:
        """Content of a file below the folder."""
        stream = self._files.open(self._jvm.org.apache.hadoop.fs.Path("/".join((self._path.toString(), *below))))
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()


def open_checkpoint(spark: SparkSession, checkpoints: str, query: str, cluster_id: str) -> Checkpoint:
    """The query's checkpoint for this cluster, new or as it was left.

    Raises ContractError when it is damaged, or when only another cluster's is there.
    """
    home = f"{checkpoints.rstrip('/')}/{query}"
    others = {name for name in _Folder(spark, home).names() if not name.startswith(".")} - {cluster_id}
    if others:
        raise ContractError(
            f"{home} belongs to another Kafka cluster ({', '.join(sorted(others))}, this one is {cluster_id}); "
            f"set TACHO_ENRICHER_CHECKPOINTS to another folder, or delete it to read the log from its start"
        )
    location = f"{home}/{cluster_id}"
    folder = _Folder(spark, location)
    listing = {"": folder.names(), **{log: folder.names(log) for log in _LOGS}}
    flaw = damage(listing)
    if flaw:
        raise ContractError(
            f"the checkpoint {location} is damaged: {flaw}; restore it, or delete the folder to read the log "
            f"from its start (what was sent is then sent again, byte for byte)"
        )
    batch = max(_batches(listing["commits"]), default=None)
    return Checkpoint(location, {} if batch is None else _next_offsets(folder.text("offsets", str(batch))))


def damage(listing: Mapping[str, set[str]]) -> str | None:
    """What is missing from a checkpoint, given the names in it ("") and in offsets/ and commits/; None for nothing."""
    offsets, commits = (_batches(listing.get(log, set())) for log in _LOGS)
    if not offsets and not commits:
        return None
    if "metadata" not in listing[""]:
        return "its metadata file is missing"
    if commits and max(commits) not in offsets:
        return f"batch {max(commits)} is committed but its offset file is missing"
    if offsets and max(offsets) - max(commits, default=-1) > 1:
        return f"batch {max(offsets)} has an offset file but batch {max(offsets) - 1} was never committed"
    return None


def _batches(names: set[str]) -> list[int]:
    return [int(name) for name in names if name.isdigit()]


def _next_offsets(text: str) -> dict[tuple[str, int], int]:
    """The offsets in an offset file: a version line, a line of metadata, then one line for each source."""
    return source_offsets(json.loads(line) for line in text.splitlines()[2:])


def source_offsets(sources: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[tuple[str, int], int]:
    """Next offset by topic and partition, from each Kafka source's offsets as Spark writes them."""
    found: dict[tuple[str, int], int] = {}
    for source in sources:
        for topic, partitions in source.items():
            # One topic may be read by several sources, a partition each.
            found |= {(topic, int(partition)): offset for partition, offset in partitions.items()}
    return found
