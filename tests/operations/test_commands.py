"""Every tacho command that a document names is there, with every option it is given."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from tacho.aws.stages import ALL, stage_named
from tacho.cli import app
from tests.operations.documents import ROOT, commands, documents

TACHO = typer.main.get_command(app)
AWS = vars(vars(TACHO)["commands"]["aws"])["commands"]
# What a run prints begins with the runner's name too.
_PRINTED = re.compile(r"tacho (is running|page  http:|.* after [\d.]+ s)")


def fault(line: str) -> str | None:
    """What is wrong with a command as it is written; None when nothing is."""
    words = shlex.split(re.sub(r"\[[^\]]*\]|<([^>]*)>", lambda found: found[1] or "", line.split(" | ", maxsplit=1)[0]))
    command, inner = TACHO, words[1:]
    while subcommands := getattr(command, "commands", None):
        if not inner:
            return None
        name = inner.pop(0)
        if name in ("…", "...", "COMMAND", "command", "--help"):
            return None
        if name not in subcommands:
            return f"there is no command {name}"
        command = subcommands[name]
    if command.name == "run" and "--" in inner:
        return fault(shlex.join(["tacho", *inner[inner.index("--") + 1 :]]))
    for option in (word.split("=")[0] for word in inner if word.startswith("-")):
        if option not in {name for parameter in command.params for name in parameter.opts} and command.name != "replay":
            return f"{command.name} has no option {option}"
    return _stage_fault(command.name, inner)


def _stage_fault(name: str | None, words: list[str]) -> str | None:
    if name in ("up", "down") and words and words[0].islower() and words[0] != ALL and "|" not in words[0]:
        try:
            stage_named(words[0])
        except Exception as error:
            return str(error)
    return None


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_of_a_document_exists(document: Path) -> None:
    wrong = {line: why for line in commands(document) if not _PRINTED.match(line) and (why := fault(line))}
    assert not wrong


def test_the_operations_guide_names_every_command_of_tacho_aws() -> None:
    named = {line.split()[2] for line in commands(ROOT / "docs" / "operations.md") if line.startswith("tacho aws ")}
    assert AWS.keys() <= named


@pytest.mark.parametrize(
    "line",
    [
        "tacho aws fly 20-msk",
        "tacho aws up 25-msk",
        "tacho aws down 20-msk --save",
        "tacho aws run -- tial alert-data",
        "tacho tail alert-data --speed 3",
    ],
)
def test_a_command_that_is_not_there_is_found(line: str) -> None:
    assert fault(line)


def test_a_command_with_placeholders_is_understood() -> None:
    assert fault("tacho aws down STAGE|all [--archive]") is None
    assert fault("tacho aws run -- archive s3://tacho-dev-data-<account>/archive/sensors-sample/<cluster-uuid>") is None
