"""The broker's and Spark's jars: fetched on first use with the Ivy inside pyspark, each checked against jars.lock.

No registry is named here. Ivy's own default is used, or the settings file TACHO_IVY_SETTINGS names (a mirror).
`python -m tacho.local.jars FOLDER GROUP ...` is for images: it needs nothing installed but pyspark.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tacho.errors import TachoError, UsageError
from tacho.local.java import java

LOCK = Path(__file__).parents[3] / "jars.lock"
ATTEMPTS = 3
LAPTOP_GROUPS = ("broker", "kafka")
"""What a run on this machine needs; the others are fetched by those who use them."""

# POMs are not read: the lock already is the closure, and reading them takes six times as long as the jars.
# The files' own checksums are not fetched: the lock's are stronger.
_SETTINGS = """\
<ivysettings>
  <property name="ivy.checksums" value=""/>
  <settings defaultResolver="public"/>
  <resolvers><ibiblio name="public" m2compatible="true" usepoms="false"/></resolvers>
</ivysettings>
"""

Report = Callable[[str], None]


class WrongJarError(TachoError):
    """A fetched jar is not the locked one: the source is broken or hostile, so it is deleted and nothing starts."""


@dataclass(frozen=True)
class Jar:
    """One line of jars.lock."""

    group: str
    file: str
    organisation: str
    name: str
    version: str
    sha256: str


def read_lock(text: str) -> tuple[Jar, ...]:
    """The jars a lock lists. Raises TachoError naming the line that has not four columns."""
    jars = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            group, file, coordinates, sha256 = line.split()
            organisation, name, version = coordinates.split(":")
        except ValueError as error:
            raise TachoError(f"jars.lock line {number} is not `group file org:name:version sha256`: {line}") from error
        jars.append(Jar(group, file, organisation, name, version, sha256))
    return tuple(jars)


def locked_jars(groups: Iterable[str] = LAPTOP_GROUPS) -> tuple[Jar, ...]:
    """The jars of these groups of the repository's lock. Raises UsageError for a group that it has not."""
    jars = read_lock(LOCK.read_text(encoding="utf-8"))
    known, wanted = {jar.group for jar in jars}, set(groups)
    if wanted - known:
        unknown, offered = ", ".join(sorted(wanted - known)), ", ".join(sorted(known))
        raise UsageError(f"There is no group {unknown} in jars.lock: choose among {offered}.")
    return tuple(jar for jar in jars if jar.group in wanted)


def missing(folder: Path, jars: Iterable[Jar]) -> tuple[Jar, ...]:
    """Those not yet in `folder`/<group>/ with the locked content."""
    return tuple(jar for jar in jars if not _is_locked(folder / jar.group / jar.file, jar))


def ensure_jars(folder: Path, report: Report, jars: Sequence[Jar] | None = None) -> float:
    """Fetch what is missing into `folder`; seconds it took, 0 when all was there.

    A broken download goes on where it stopped at the next call. Raises WrongJarError for a jar that is not
    the locked one, and TachoError when the registry cannot be reached.
    """
    wanted = missing(folder, locked_jars() if jars is None else jars)
    if not wanted:
        return 0.0
    started = time.monotonic()
    work = folder / ".fetch"
    report(f"fetching {counted(len(wanted))}")
    for attempt in range(1, ATTEMPTS + 1):
        output = _run_ivy(work, wanted, report)
        if output is None:
            break
        if attempt == ATTEMPTS:
            raise TachoError(
                f"{counted(len(wanted))} could not be fetched: check the network, or name a mirror's Ivy settings file "
                f"in TACHO_IVY_SETTINGS. What is already here is kept. Ivy said: {output}"
            )
        report(f"trying again ({attempt} of {ATTEMPTS - 1})")
    accept(work / "out", folder, wanted)
    shutil.rmtree(work)
    seconds = time.monotonic() - started
    size = sum((folder / jar.group / jar.file).stat().st_size for jar in wanted)
    report(f"fetched and checked {counted(len(wanted))}, {size / 1e6:.0f} MB in {seconds:.1f} s")
    return seconds


def accept(source: Path, folder: Path, jars: Iterable[Jar]) -> None:
    """Move fetched jars into place, each after its hash was checked. Raises WrongJarError at the first other one."""
    for jar in jars:
        fetched = source / jar.group / jar.file
        if not _is_locked(fetched, jar):
            shutil.rmtree(source.parent, ignore_errors=True)
            raise WrongJarError(
                f"{jar.file} as fetched is not the file in jars.lock (sha256 differs), so it was deleted: "
                f"check the registry or mirror in use, then run `make jars` again."
            )
        target = folder / jar.group / jar.file
        target.parent.mkdir(parents=True, exist_ok=True)
        fetched.replace(target)


def ivy_module(jars: Iterable[Jar]) -> str:
    """An Ivy file asking for exactly these jars, one configuration for each group, no dependencies followed."""
    wanted = tuple(jars)
    groups = "".join(f'<conf name="{group}"/>' for group in sorted({jar.group for jar in wanted}))
    rows = "".join(
        f'<dependency org="{jar.organisation}" name="{jar.name}" rev="{jar.version}" '
        f'conf="{jar.group}->default" transitive="false"/>'
        for jar in wanted
    )
    return (
        '<ivy-module version="2.0"><info organisation="tacho" module="jars"/>'
        f"<configurations>{groups}</configurations><dependencies>{rows}</dependencies></ivy-module>"
    )


def counted(number: int) -> str:
    """`1 jar`, `2 jars`."""
    return f"{number} jar" if number == 1 else f"{number} jars"


def _run_ivy(work: Path, jars: Sequence[Jar], report: Report) -> str | None:
    """Fetch into work/out; None when all went well, else the last thing Ivy said."""
    work.mkdir(parents=True, exist_ok=True)
    (work / "ivy.xml").write_text(ivy_module(jars), encoding="utf-8")
    (work / "settings.xml").write_text(_SETTINGS, encoding="utf-8")
    settings = os.environ.get("TACHO_IVY_SETTINGS") or str(work / "settings.xml")
    pattern = f"{work}/out/[conf]/[artifact]-[revision].[ext]"
    command = [java(), "-jar", _ivy_jar(), "-settings", settings, "-cache", f"{work}/cache"]
    command += ["-ivy", f"{work}/ivy.xml", "-confs", *sorted({jar.group for jar in jars}), "-retrieve", pattern]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as ivy:
        assert ivy.stdout is not None
        done = 0
        for line in ivy.stdout:
            said.append(line.strip())
            if "[SUCCESSFUL" in line:
                done += 1
                report(f"{done} of {counted(len(jars))}")
    if ivy.returncode == 0:
        return None
    return next((line for line in said if "not found" in line or "ERROR" in line or "rror:" in line), said[-1])


def _is_locked(path: Path, jar: Jar) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == jar.sha256


def _ivy_jar() -> str:
    pyspark = importlib.util.find_spec("pyspark")
    found = sorted(Path(pyspark.origin).parent.glob("jars/ivy-*.jar")) if pyspark and pyspark.origin else []
    if not found:
        raise TachoError("pyspark, whose Ivy fetches the jars, is not installed: run `make setup`.")
    return str(found[-1])


if __name__ == "__main__":
    try:
        ensure_jars(Path(sys.argv[1]), print, locked_jars(sys.argv[2:]))
    except TachoError as failure:
        sys.exit(str(failure))
