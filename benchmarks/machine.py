"""What the figures were taken on: machine, versions, commit."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import confluent_kafka
import psutil

from benchmarks.cluster import JARS, REPOSITORY
from benchmarks.peer_environment import peer_version

_LIBRARIES = ("pyspark", "faust-streaming", "aiokafka", "confluent-kafka", "fastavro", "numpy")


def describe(command: str, seconds: float) -> dict[str, str]:
    """Names and values for the head of the report. `seconds`: how long the run took."""
    facts = {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
        "command": f"`{command}`, {seconds / 60:.0f} min",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load before": f"{os.getloadavg()[2]:.1f} (15 minutes)",
        "Python": platform.python_version(),
        "Java": _first_line("java", "-version"),
        "Kafka broker": _jar_version("kafka_2.13"),
        "librdkafka": confluent_kafka.libversion()[0],
    }
    facts |= {name: version(name) for name in _LIBRARIES}
    return facts | {name: peer_version(name) for name in ("quixstreams",)}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.+)$", info.read_text(encoding="utf-8"), re.M) if info.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def _commit() -> str:
    name = _first_line("git", "-C", str(REPOSITORY), "describe", "--always", "--abbrev=10", "--exclude=*")
    changed = _first_line("git", "-C", str(REPOSITORY), "status", "--porcelain", "--untracked-files=no")
    return f"{name} and uncommitted changes" if changed else name


def _first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "not found"
    return next(iter((done.stdout + done.stderr).splitlines()), "")


def _jar_version(artifact: str) -> str:
    jars = sorted((JARS / "broker").glob(f"{artifact}-*.jar"))
    return jars[0].stem.removeprefix(f"{artifact}-") if jars else "not found"
