"""`tacho verify`: the oracle from the command line."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tacho.commands.connecting import running_pipeline
from tacho.local import layout
from tacho.verify.log import SERVICE_STATUS
from tacho.verify.quiescence import DEADLINE_SECONDS, wait_until_still
from tacho.verify.report import Report
from tacho.verify.run_folder import load_run, load_settings
from tacho.verify.topics import KafkaTopics, Watch, open_consumer
from tacho.verify.verification import verify_topics
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment


def verify_run(
    run_folder: Path,
    servers: str | None = None,
    *,
    alone: bool = False,
    wait_seconds: float = DEADLINE_SECONDS,
    progress: Callable[[str], None] = lambda line: None,
) -> Report:
    """Wait until the pipeline is at rest (at most `wait_seconds`), then compare every topic with a recompute.

    servers: those of run.json when not given; alone: nobody else wrote to the log, so every sample in it must be in a
    journal. Raises CannotVerify with one sentence when nothing can be proved.
    """
    settings = load_settings(run_folder)
    connection = connection_from_environment().model_copy(update={"servers": servers or settings.servers})
    catalogue = load_catalogue()
    with open_consumer(connection) as consumer:
        before = KafkaTopics(consumer, catalogue)
        counted = {name: before.partitions(name) for name in catalogue.topics if name != SERVICE_STATUS}
        wait_until_still(Watch(consumer, counted, time.monotonic), progress, wait_seconds)
        progress("reading journal, tables and rules")
        run = load_run(settings, alone)
        return verify_topics(run, KafkaTopics(consumer, catalogue), catalogue.reject_reasons, progress)


def verify_command(
    run_folder: Annotated[
        Path | None, typer.Option(help="Folder of the run, with its run.json; default: the one that runs, else `run`.")
    ] = None,
    servers: Annotated[str | None, typer.Option(help="Kafka servers; default: those of the run.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the report to this file.")] = None,
) -> None:
    """Prove that a run lost, changed, added and reordered nothing and that its window figures are right.

    Recomputes everything in plain Python from the producer's journal, the log, the tables and the rules. Exit code
    0: content; 1: not content; 2: nothing could be proved.
    """
    out, err = Console(), Console(stderr=True)
    running = running_pipeline()
    folder = run_folder or (running[0] if running else layout.run_folder("run")).root
    report = verify_run(folder, servers, progress=lambda line: err.print(line, style="dim", highlight=False))
    if json_file is not None:
        json_file.write_text(json.dumps(report.to_dict(), indent=2) + "\n", encoding="utf-8")
    out.print(report.render())
    raise typer.Exit(0 if report.ok else 1)
