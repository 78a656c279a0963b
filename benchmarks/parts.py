"""How the parts are started in a benchmark: tacho's as its runner starts them, peers as modules of this package."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.cluster import JARS, REPOSITORY
from tacho.local import stages
from tacho.local.layout import RunFolder
from tacho.local.process import Process, Spec, wait_ready
from tacho.local.settings import RunSettings

_RULES_SECONDS = 60.0


def settings(folder: Path, servers: str) -> RunSettings:
    """The runner's settings on this broker, everything else as `make run` has it."""
    return RunSettings(folder=RunFolder(folder), jars=JARS, port=int(servers.rpartition(":")[2]))


def enricher(given: RunSettings, trigger: str, run: str) -> Spec:
    """`enrich` alone, from an empty checkpoint."""
    spec = stages.enrichers(replace(given, trigger=trigger))[0]
    return _changed(spec, run, {"TACHO_ENRICHER_CHECKPOINTS": str(given.folder.checkpoints / run)})


def publish_rules(given: RunSettings) -> None:
    """Put the rules of the settings into force, as the alerter needs before it starts. Raises TachoError."""
    finish(stages.rules(given), _RULES_SECONDS)


def alerter(given: RunSettings, run: str) -> Spec:
    """The alerter as a new consumer group; where `alerter-state` is empty it begins with the first sample."""
    return _changed(stages.alerter(given), run, {"TACHO_ALERTER_GROUP": run})


def producer(given: RunSettings, run: str, options: Mapping[str, str]) -> Spec:
    """The producer with these options (names without their prefix) in place of the runner's; "" takes one away."""
    spec = stages.producer(given)
    changes = {f"TACHO_PRODUCER_{name}": value for name, value in options.items()}
    env = {name: value for name, value in {**spec.env, **changes}.items() if value}
    return replace(spec, env=env, log=spec.log.with_name(f"{run}.log"))


def peer(module: str, arguments: tuple[str, ...], given: RunSettings, run: str, python: Path | None = None) -> Spec:
    """A program of benchmarks.peers."""
    command = (str(python or sys.executable), "-m", f"benchmarks.peers.{module}", *arguments)
    env = {"TACHO_KAFKA_SERVERS": f"127.0.0.1:{given.port}", "PYTHONPATH": str(REPOSITORY)}
    return Spec(run, command, given.folder.logs / f"{run}.log", env)


def own_folder(given: RunSettings, run: str) -> str:
    """A folder for what a peer writes beside the topics; made if need be."""
    folder = given.folder.root / "peers" / run
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _changed(spec: Spec, run: str, changes: Mapping[str, str]) -> Spec:
    return replace(spec, env={**spec.env, **changes}, log=spec.log.with_name(f"{run}.log"))


def finish(spec: Spec, seconds: float) -> None:
    """Run a process to its end. Raises TachoError when it fails or takes longer."""
    process = Process(spec)
    try:
        wait_ready(process, lambda: process.exit_code == 0, seconds)
    finally:
        process.kill()
