"""One version for everything that is released: a tag, the CHANGELOG and every package must name the same.

    python deploy/release/version.py check v0.2.0      exit code 1 and a sentence for each that differs
    python deploy/release/version.py notes 0.2.0       what the CHANGELOG says of it
    python deploy/release/version.py base              the image that every Dockerfile is built on

Standard library only: it runs before anything is installed.
"""

import re
import sys
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECTS = ("schemas", "services/*", "deploy")
CATALOGUE = "schemas/asyncapi.yaml"
_TAG = re.compile(r"v(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)")
_HEADING = re.compile(r"^## \[?([^\]\s]+)\]?(?: - (\d{4}-\d\d-\d\d|unreleased))?$", re.M)
_UNRELEASED = "unreleased"


class ReleaseError(Exception):
    """What keeps this tree from being released under this tag, one sentence a line."""


def check(root: Path, tag: str) -> str:
    """The version of `tag`, when all agree on it. Raises ReleaseError naming each file that does not."""
    found = _TAG.fullmatch(tag)
    if found is None:
        raise ReleaseError(f"{tag!r} is no release tag: it is v and a version, such as v0.2.0 or v0.2.0rc1.")
    version = found[1]
    wrong = [f"{file} says {said}, the tag {version}." for file, said in versions(root).items() if said != version]
    if version not in (dates := changelog_dates(root)):
        wrong.append(f"CHANGELOG.md has no heading '## {version} - <date>'.")
    elif dates[version] == _UNRELEASED:
        today = datetime.now(UTC).date()
        wrong.append(
            f"CHANGELOG.md calls {version} unreleased: write the day there ('## {version} - {today}'), commit, and tag "
            f"that commit."
        )
    elif not dates[version]:
        wrong.append(f"CHANGELOG.md does not say when {version} was released: '## {version} - 2026-01-31'.")
    elif next(name for name in dates if name != "Unreleased") != version:
        wrong.append(f"{version} is not the newest version of CHANGELOG.md.")
    if wrong:
        raise ReleaseError("\n".join(wrong))
    return version


def versions(root: Path) -> Mapping[str, str]:
    """What each package, and the catalogue, calls itself, by file."""
    files = sorted(file for pattern in PROJECTS for file in root.glob(f"{pattern}/pyproject.toml"))
    found = {
        file.relative_to(root).as_posix(): tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"]
        for file in files
    }
    said = re.search(r"^  version: (\S+)$", (root / CATALOGUE).read_text(encoding="utf-8"), re.M)
    return found | {CATALOGUE: said[1] if said else "nothing"}


def changelog_dates(root: Path) -> Mapping[str, str]:
    """The versions of the CHANGELOG, newest first, with the day of each or `unreleased`; empty for what has neither."""
    return dict(_HEADING.findall(_changelog(root)))


def notes(root: Path, version: str) -> str:
    """The CHANGELOG's section of a version, without its heading. Raises ReleaseError when there is none."""
    text = _changelog(root)
    headings = [*_HEADING.finditer(text)]
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading[1] == version:
            return text[heading.end() : following.start() if following else None].strip() + "\n"
    raise ReleaseError(f"CHANGELOG.md says nothing of {version}.")


def base(root: Path) -> str:
    """The default base of every Dockerfile. Raises ReleaseError when they do not agree."""
    files = sorted([*root.glob("services/*/Dockerfile"), root / "deploy" / "Dockerfile"])
    bases = {line[9:] for file in files for line in file.read_text().splitlines() if line.startswith("ARG BASE=")}
    if len(bases) != 1:
        raise ReleaseError(f"The Dockerfiles name {len(bases)} bases: {', '.join(sorted(bases))}.")
    return bases.pop()


def _changelog(root: Path) -> str:
    return (root / "CHANGELOG.md").read_text(encoding="utf-8")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """The command line; its exit code."""
    try:
        match arguments:
            case ["check", tag]:
                print(check(root, tag))
            case ["notes", version]:
                print(notes(root, version), end="")
            case ["base"]:
                print(base(root))
            case _:
                print("usage: version.py check TAG | notes VERSION | base", file=sys.stderr)
                return 2
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
