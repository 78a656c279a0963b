"""Preparing a run folder: dimension tables, logs of bearable size, enough disk."""

import shutil
from pathlib import Path

from tacho.errors import TachoError
from tacho.local.layout import REPOSITORY, RunFolder

FREE_BYTES = 1_000_000_000
RESTART_FREE_BYTES = 100_000_000
"""With less, what died probably died of it, and would again."""
LOG_BYTES = 20_000_000


def prepare_folder(folder: RunFolder) -> None:
    """Make the folder usable; dims are copied once, so that a run keeps the tables it began with."""
    for path in (folder.journal, folder.checkpoints, folder.logs, folder.alerter):
        path.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder.root / "scratch", ignore_errors=True)
    (folder.root / "scratch").mkdir()
    if not folder.dims.exists():
        draft = folder.root / "dims.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(REPOSITORY / "data" / "dims", draft, ignore=shutil.ignore_patterns("cars"))
        draft.rename(folder.dims)
    for log in folder.logs.glob("*.log"):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))


def wipe(folder: RunFolder) -> None:
    """Remove everything of an earlier run except the lock, which the caller holds."""
    if not folder.root.exists():
        return
    for path in folder.root.iterdir():
        if path == folder.lock:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def require_disk(folder: Path, needed: int = FREE_BYTES) -> int:
    """Free bytes below `folder`, which may be yet to be made. Raises TachoError when there are fewer than `needed`."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir():
        raise TachoError(f"{existing} is no folder, so nothing can be kept in {folder}: set TACHO_HOME to a folder.")
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise TachoError(
            f"Only {free / 1e6:,.0f} MB of disk are free below {folder} and {needed / 1e6:,.0f} MB are needed: "
            f"make room (`make clean` removes earlier runs), or set TACHO_HOME to another disk."
        )
    return free
