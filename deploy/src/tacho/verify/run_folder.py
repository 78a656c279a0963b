"""Reads a run folder; the only module that opens files."""

import json
from itertools import chain
from pathlib import Path

from tacho.verify.dims import read_dims
from tacho.verify.errors import CannotVerify
from tacho.verify.journal import Journal
from tacho.verify.rules import read_rules
from tacho.verify.run import Run, RunSettings, read_settings


def load_settings(folder: Path) -> RunSettings:
    """run.json. Raises CannotVerify when it is missing or not usable."""
    path = folder / "run.json"
    if not path.is_file():
        raise CannotVerify(
            f"there is no run in {folder} (run.json is missing); start one with `make run` or `make demo`"
        )
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CannotVerify(f"{path} is not JSON: {error}") from error
    return read_settings(written, folder)


def load_run(settings: RunSettings, alone: bool = False) -> Run:
    """Dimension tables, rules and journal. Raises CannotVerify when one of them is missing or not usable.

    alone: nobody else wrote to the log.
    """
    return Run(
        dims=read_dims(_tables(settings.dims), settings.gear_policy),
        rules=read_rules(_text(settings.rules, "the rules file")),
        journal=_journal(settings.journal, *sorted(settings.replays.glob("*/journal"))),
        allowed_lateness_ms=settings.allowed_lateness_ms,
        grid=settings.grid,
        repeats_allowed=settings.repeats_allowed,
        alone=alone,
    )


def _tables(folder: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.csv")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    if not files:
        raise CannotVerify(f"there are no dimension tables (*.csv) in {folder}")
    return files


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CannotVerify(f"{name} {path} cannot be read: {error.strerror}") from error


def _journal(*folders: Path) -> Journal:
    """All journals as one: each car's samples were sent by one producer after the other, in the order of `folders`."""
    segments = [sorted(folder.glob("journal-*.csv")) for folder in folders]
    if not any(segments):
        raise CannotVerify(f"the producer kept no journal in {folders[0]}, so nothing says what was sent")
    journal = Journal(complete=all(names[0].stem == "journal-00000001" for names in segments if names))
    for segment in chain.from_iterable(segments):
        with segment.open(encoding="utf-8", newline="\n", errors="replace") as lines:
            journal.read(str(segment), lines)
    return journal
