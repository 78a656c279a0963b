"""What `tacho doctor` looks at: each check answers with one sentence, and says what to do when it is not well."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tacho.errors import TachoError
from tacho.local.folder import require_disk
from tacho.local.jars import locked_jars, missing
from tacho.local.java import java
from tacho.local.lock import running_servers
from tacho.local.ports import holder, is_free

OLDEST_JAVA = 17
OLDEST_PYTHON = (3, 11)
_REGISTRY_SECONDS = 30
_JAVA_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


@dataclass(frozen=True)
class Finding:
    """One check's word."""

    well: bool
    sentence: str


def check_python(version: tuple[int, ...] = sys.version_info[:2]) -> Finding:
    """Python is new enough."""
    shown = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return Finding(
            False, f"Python is {shown}: install 3.11 or newer, remove .venv and run `make setup PYTHON=python3.11`."
        )
    return Finding(True, f"Python is {shown}.")


def check_java(run: Callable[[], str] | None = None) -> Finding:
    """Java is there and new enough; `run` gives what `java -version` prints."""
    try:
        said = (run or _java_version)()
    except TachoError as error:
        return Finding(False, str(error))
    found = _JAVA_VERSION.search(said)
    if found is None:
        return Finding(False, f"Java does not say its version ({said.strip()[:80]!r}): install a Java 17 runtime.")
    if int(found[1]) < OLDEST_JAVA:
        return Finding(False, f"Java is {found[1]}: install Java 17 or newer.")
    return Finding(True, f"Java is {found[1]}.")


def check_jars(folder: Path) -> Finding:
    """All jars are there, as locked."""
    wanted = locked_jars()
    absent = missing(folder, wanted)
    if not absent:
        return Finding(True, f"All {len(wanted)} jars are there, with the locked hashes.")
    wrong = [jar.file for jar in absent if (folder / jar.group / jar.file).exists()]
    if wrong:
        return Finding(False, f"{', '.join(wrong)} differs from jars.lock: run `make jars` to fetch it anew.")
    return Finding(False, f"{len(absent)} of {len(wanted)} jars are not fetched yet: run `make jars`.")


def check_port(port: int, ours: str | None) -> Finding:
    """The broker's port is free, or held by our own broker (`ours`, its address)."""
    if is_free(port):
        return Finding(True, f"Port {port} is free.")
    if ours is not None and ours.endswith(f":{port}"):
        return Finding(True, f"Port {port} is held by the pipeline that is running.")
    return Finding(False, f"Port {port} is taken by {holder(port)}: stop it, or run `tacho run --port {port + 10}`.")


def check_disk(folder: Path) -> Finding:
    """There is room below `folder`."""
    try:
        return Finding(True, f"{require_disk(folder) / 1e9:,.0f} GB of disk are free below {folder}.")
    except TachoError as error:
        return Finding(False, str(error))


def check_lock(lock: Path) -> Finding:
    """Nobody, or a pipeline that serves, holds the run folder."""
    servers = running_servers(lock)
    if servers is not None:
        return Finding(True, f"A pipeline is running in {lock.parent}, its broker is {servers}.")
    if lock.exists():
        return Finding(True, f"{lock} was left by a killed run; the next one takes it over.")
    return Finding(True, f"No pipeline is running in {lock.parent}.")


def check_registry(run: Callable[[list[str]], int] | None = None) -> Finding:
    """The package registry answers: asks pip for one locked package's metadata, installs nothing."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--ignore-installed", "--no-cache-dir"]
    command += ["--quiet", "--retries", "0", "--timeout", "10", "wheel"]
    if (run or _exit_code)(command) == 0:
        return Finding(True, "The package registry answers.")
    return Finding(
        False,
        "The package registry cannot be reached: check the network, or point pip and uv at a mirror "
        "(PIP_INDEX_URL, UV_INDEX_URL) and Ivy at one (TACHO_IVY_SETTINGS); nothing is needed once all is fetched.",
    )


def _java_version() -> str:
    return subprocess.run([java(), "-version"], capture_output=True, text=True, check=False).stderr


def _exit_code(command: list[str]) -> int:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_REGISTRY_SECONDS).returncode
    except subprocess.TimeoutExpired:
        return 1
