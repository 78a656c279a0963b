"""Peers with dependencies of their own live in an environment of their own, made on demand from a hash-locked list."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from benchmarks.cluster import REPOSITORY

FOLDER = REPOSITORY / ".venv-bench"
_LOCK = Path(__file__).with_name("requirements.lock")
_STAMP = FOLDER / "installed.lock"


@cache
def peer_python() -> Path | None:
    """The interpreter that has the peers' libraries, installed now if need be; None when that is not possible."""
    python = FOLDER / "bin" / "python"
    if _STAMP.exists() and _STAMP.read_bytes() == _LOCK.read_bytes():
        return python
    uv = (sys.executable, "-m", "uv")
    steps = (
        (*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER)),
        (*uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(_LOCK)),
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"the peers' libraries could not be installed: {done.stderr.strip()[-300:]}", file=sys.stderr)
            return None
    _STAMP.write_bytes(_LOCK.read_bytes())
    return python


def peer_version(name: str) -> str:
    """The version of a library in the peers' environment."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        return "not installed"
    code = f"from importlib.metadata import version; print(version({name!r}))"
    done = subprocess.run((str(python), "-c", code), capture_output=True, text=True, check=False)
    return done.stdout.strip() or "not installed"
