"""Processor time and memory of a contender: its process and everything below it, also what has ended since."""

import time
from dataclasses import dataclass, field

import psutil

_RESCAN_SECONDS = 0.5


@dataclass
class TreeMeter:
    """Reads a process tree. Children are looked for twice a second; their processor time counts from their start."""

    pid: int
    peak_rss: int = 0
    """Bytes, the largest sum seen."""
    _cpu: dict[psutil.Process, float] = field(default_factory=dict)
    _alive: list[psutil.Process] = field(default_factory=list)
    _scanned: float = 0.0

    def cpu_seconds(self) -> float:
        """User and system seconds of the whole tree since it started."""
        if time.monotonic() - self._scanned > _RESCAN_SECONDS:
            self._scan()
        for process in self._alive:
            try:
                times = process.cpu_times()
            except psutil.Error:
                # It has ended: what was last seen of it stays in the sum.
                continue
            self._cpu[process] = times.user + times.system
        return sum(self._cpu.values())

    def _scan(self) -> None:
        self._scanned = time.monotonic()
        try:
            root = psutil.Process(self.pid)
            self._alive = [root, *root.children(recursive=True)]
        except psutil.Error:
            self._alive = []
        self.peak_rss = max(self.peak_rss, sum(_rss(process) for process in self._alive))


def tree_rss(pid: int) -> int:
    """Resident bytes of a process and everything below it now; 0 when it is gone."""
    try:
        root = psutil.Process(pid)
        return sum(_rss(process) for process in (root, *root.children(recursive=True)))
    except psutil.Error:
        return 0


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
