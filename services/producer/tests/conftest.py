"""Fixtures of the producer's tests: the shipped dims with a few cars, and the producer as a process on a broker."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from logs import make_empty

SOURCE = Path(__file__).parents[3] / "data" / "dims"


@pytest.fixture
def dims_folder(tmp_path: Path) -> Path:
    """The shipped models, colours and drive-trains, and 20 cars, the models taken in turn."""
    folder = tmp_path / "dims"
    for kind in ("car_models", "car_colors", "drivetrains"):
        shutil.copytree(SOURCE / kind, folder / kind)
    (folder / "cars").mkdir()
    rows = [f"{1_000_003 + 7919 * n},{100_000_000 + n},{1 + n % 7},{1 + n % 7}" for n in range(20)]
    (folder / "cars" / "cars.csv").write_text("\n".join(["car_id,driver_id,model_id,color_id", *rows]) + "\n")
    return folder


@pytest.fixture
def log(broker: Any) -> Any:
    """The broker with empty catalogue topics."""
    make_empty(broker)
    return broker


@pytest.fixture
def start(log: Any, dims_folder: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the producer with a journal; whatever still runs at the end is killed."""
    processes = []

    def run(*arguments: str, restarts: int = 0) -> subprocess.Popen[str]:
        environment = os.environ | {"TACHO_KAFKA_SERVERS": log.servers, "TACHO_RESTARTS": str(restarts)}
        command = [sys.executable, "-m", "tacho_producer", *arguments, "--dims", str(dims_folder)]
        process = subprocess.Popen(command, env=environment, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        processes.append(process)
        return process

    yield run
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()
