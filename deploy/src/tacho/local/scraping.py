"""Where a Prometheus on this machine finds the processes of a run: a file that it reads again when it changes."""

import json
from collections.abc import Iterable
from pathlib import Path

from tacho.local.ports import HOST
from tacho.local.process import Spec

PORT_SETTING = "_METRICS_PORT"


def metrics_port(spec: Spec) -> int | None:
    """Where a process shows its metrics; None where it has none to show."""
    ports = [int(value) for name, value in spec.env.items() if name.endswith(PORT_SETTING)]
    return ports[0] if ports else None


def write_targets(file: Path, specs: Iterable[Spec]) -> None:
    """Name these processes in the form of Prometheus' file_sd, replacing the file in one step."""
    ports = {spec.name: metrics_port(spec) for spec in specs}
    targets = [
        {"targets": [f"{HOST}:{port}"], "labels": {"process": name}} for name, port in ports.items() if port is not None
    ]
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(targets, indent=2) + "\n", encoding="utf-8")
    draft.replace(file)
