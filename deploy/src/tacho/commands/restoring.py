"""`tacho replay` of an archive: the records as they were, into the log they belong to."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tacho.archive.place import S3, place_at
from tacho.archive.records import MANIFEST
from tacho.archive.restoring import read_manifest, restore
from tacho.commands.connecting import KEPT, connection_to, running_pipeline
from tacho.commands.reporting import reporter
from tacho.console.feed import Feed
from tacho.errors import TachoError, UsageError
from tacho.local.folder import wipe
from tacho.local.layout import run_folder
from tacho.local.lock import RunLock
from tacho.local.pipeline import Pipeline
from tacho.local.settings import RunSettings
from tacho.local.settling import Settling
from tacho.local.stopping import StopRequest
from tacho_contracts.connection import Connection, Mode

EXTEND = "--extend-retention"
_SETTLE_SECONDS = 600.0


def is_archive(address: str) -> bool:
    """Whether `replay` was given an archive and not a recording."""
    return address.startswith(S3) or (Path(address) / MANIFEST).is_file()


def restore_archive(address: str, arguments: Sequence[str], port: int) -> None:
    """Into the brokers of TACHO_KAFKA_SERVERS, the pipeline that runs, or one started for it; the log must be empty."""
    unknown = [argument for argument in arguments if argument != EXTEND]
    if unknown:
        raise UsageError(f"An archive is read back as it is; it takes {EXTEND} and not {unknown[0]}.")
    report = reporter(Console())
    place = place_at(address)
    manifest = read_manifest(place)
    report(f"{place.address}: {manifest.records:,} records of {manifest.topic}")

    def into(connection: Connection) -> None:
        done = restore(connection, place, int(time.time() * 1000), report, EXTEND in arguments)
        there = f", {done.found:,} were there from before" if done.found else ""
        report(f"{done.sent:,} records are on {manifest.topic}{there}")

    if "TACHO_KAFKA_SERVERS" in os.environ or running_pipeline(KEPT) is not None:
        into(connection_to(None))
        return
    settings = RunSettings(run_folder("replay"), port=port)
    with StopRequest() as stop:
        with RunLock(settings.folder.lock):
            wipe(settings.folder)
        with Pipeline(settings, stop, report) as pipeline:
            feed = pipeline.start(Feed)
            into(Connection(servers=pipeline.broker.servers, mode=Mode.PLAINTEXT))
            settling, deadline = Settling(int(time.time() * 1000)), time.monotonic() + _SETTLE_SECONDS
            while (waiting := settling.waits_for(feed.status)) is not None:
                if time.monotonic() > deadline:
                    raise TachoError(f"{waiting} still has records waiting {_SETTLE_SECONDS:.0f} s after the last one.")
                pipeline.watch()
                stop.pause()
            for rule, count in sorted(feed.snapshot().alerts_by_rule.items()):
                report(f"{rule}: {count:,} alerts")
