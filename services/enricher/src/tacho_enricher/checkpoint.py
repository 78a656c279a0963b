"""Where a query's checkpoint is, and whether it may be used: a wrong one would lose or repeat samples unseen.

Layout: <checkpoints>/<query>/<id of the Kafka cluster>/e<state epoch>/. Offsets of one cluster mean nothing in another,
and state of one shape nothing to a query of another: the epoch is raised when a release changes keys, operators or
columns of the state, and the query then reads the log from its start.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyspark.sql import SparkSession

from tacho_contracts.errors import ContractError
from tacho_enricher.folder import Folder

_LOGS = ("offsets", "commits")
_EPOCH = re.compile(r"e\d+")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that was looked at and may be used. `committed`: next offset by topic and partition."""

    location: str
    committed: Mapping[tuple[str, int], int]


def open_checkpoint(spark: SparkSession, checkpoints: str, query: str, cluster_id: str, epoch: int = 0) -> Checkpoint:
    """The query's checkpoint for this cluster and state epoch, new or as it was left.

    Raises ContractError when it is damaged, when only another cluster's is there, when a newer epoch's or one of an
    earlier layout is, or when the place cannot be read.
    """
    home = f"{checkpoints.rstrip('/')}/{query}"
    others = {name for name in Folder(spark, home).names() if not name.startswith(".")} - {cluster_id}
    if others:
        raise ContractError(
            f"{home} belongs to another Kafka cluster ({', '.join(sorted(others))}, this one is {cluster_id}); "
            f"set TACHO_ENRICHER_CHECKPOINTS to another folder, or delete it to read the log from its start"
        )
    _check_epochs(f"{home}/{cluster_id}", Folder(spark, f"{home}/{cluster_id}").names(), epoch)
    location = f"{home}/{cluster_id}/e{epoch}"
    folder = Folder(spark, location)
    listing = {"": folder.names(), **{log: folder.names(log) for log in _LOGS}}
    flaw = damage(listing)
    if flaw:
        raise ContractError(
            f"the checkpoint {location} is damaged: {flaw}; restore it, or delete the folder to read the log "
            f"from its start (what was sent is then sent again, byte for byte)"
        )
    batch = max(_batches(listing["commits"]), default=None)
    return Checkpoint(location, {} if batch is None else _next_offsets(folder.text("offsets", str(batch))))


def _check_epochs(place: str, names: set[str], epoch: int) -> None:
    if names & {"metadata", *_LOGS}:
        raise ContractError(
            f"{place} holds a checkpoint of an earlier layout: on a laptop begin anew with `make clean`, or move what "
            f"is in it to {place}/e0 to go on, or delete it to read the log from its start"
        )
    newest = max((int(name[1:]) for name in names if _EPOCH.fullmatch(name)), default=epoch)
    if newest > epoch:
        raise ContractError(
            f"TACHO_ENRICHER_STATE_EPOCH={epoch} is behind {place}/e{newest}; set it to {newest}, or delete that "
            f"folder to go back to the older state"
        )


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
