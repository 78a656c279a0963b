"""Resident memory of processes with everything below them."""

from collections.abc import Mapping

import psutil

MEGABYTE = 1_000_000


def resident_mb(pids: Mapping[str, int]) -> dict[str, float]:
    """Megabytes by name. Pages that processes share are split fairly among them where the system can tell (PSS)."""
    return {name: round(_tree_bytes(pid) / MEGABYTE, 1) for name, pid in pids.items()}


def _tree_bytes(pid: int) -> int:
    try:
        root = psutil.Process(pid)
        return sum(_bytes(process) for process in (root, *root.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0


def _bytes(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except psutil.NoSuchProcess:
        return 0
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
