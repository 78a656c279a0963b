"""The enricher as EMR takes it: one folder of files to put on S3, each with its checksum.

    python -m tacho.aws.artifact VERSION FOLDER        makes FOLDER/VERSION/

main.py               the entry point of spark-submit; without arguments the queries, with `cars ...` the cars generator
tacho_enricher.zip    our own packages, with their metadata and the contracts' files
environment.tar.gz    what they import, pyspark apart: wheels for EMR's Python, some of them compiled
STATE                 the shape of the queries' state: a release begins new state when it changes
jars/                 the groups kafka and iam of jars.lock
SHA256SUMS            of all of these, as `sha256sum --check` reads it
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from tacho.errors import TachoError, UsageError
from tacho.local.jars import ensure_jars, locked_jars
from tacho.local.layout import REPOSITORY, jars_folder

JAR_GROUPS = ("kafka", "iam")
SUMS = "SHA256SUMS"
STATE = "STATE"
PYTHON, PLATFORM = "3.11", "x86_64-manylinux_2_28"
"""Of emr-spark-8.1.0: its default Python, and a C library no older than Amazon Linux 2023's."""
_OWN = ("schemas", "services/enricher")
_LOCK = "services/enricher/requirements.lock"
_SPARK_S_OWN = ("pyspark", "py4j")

_MAIN = '''\
"""Where spark-submit enters: the folder it unpacked environment.tar.gz into holds what the enricher imports."""

import sys

sys.path.insert(1, "environment")

from tacho_contracts.errors import ContractError
from tacho_enricher import __main__, cars_generator

if sys.argv[1:2] == ["cars"]:
    try:
        sys.exit(cars_generator.main(sys.argv[2:]))
    except ContractError as error:
        print(f"cars generator: {error}", file=sys.stderr)
        sys.exit(2)
sys.exit(__main__.main())
'''

Report = Callable[[str], None]


def build(folder: Path, version: str, report: Report = print) -> Path:
    """Make FOLDER/VERSION anew from the repository and its locks; that folder. Raises TachoError when it cannot."""
    if not (REPOSITORY / _LOCK).is_file():
        raise UsageError("The artefact is built from the repository: call this in a checkout of it.")
    if not version or "/" in version or version.startswith("."):
        raise UsageError(f"{version!r} is no version: write one such as 0.2.0.")
    ensure_jars(jars_folder(), report, locked_jars(JAR_GROUPS))
    target = folder / version
    with tempfile.TemporaryDirectory(dir=_made(folder), prefix=".artifact-") as scratch:
        work = Path(scratch)
        draft = _made(work / "draft")
        (draft / "main.py").write_text(_MAIN, encoding="utf-8")
        shutil.copy(REPOSITORY / "services" / "enricher" / STATE, draft / STATE)
        _own_packages(work, draft / "tacho_enricher.zip")
        _environment(work, draft / "environment.tar.gz")
        _made(draft / "jars")
        for jar in locked_jars(JAR_GROUPS):
            shutil.copy(jars_folder() / jar.group / jar.file, draft / "jars" / jar.file)
        (draft / SUMS).write_text(_sums(draft), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    report(f"{target}: {len(files(target))} files, {size / 1e6:.0f} MB")
    return target


def files(folder: Path) -> tuple[str, ...]:
    """The artefact's files by relative path, SHA256SUMS last: whoever finds it on S3 finds all the others."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return tuple([path for path in paths if path != SUMS] + [SUMS])


def check(folder: Path) -> None:
    """Raise TachoError naming the first file that is missing, too many, or not as its checksum says."""
    if (folder / SUMS).read_text(encoding="utf-8") != _sums(folder):
        raise TachoError(f"{folder} is not as its {SUMS} says: build it again.")


def spark_files(base: str, folder: Path) -> dict[str, str]:
    """The Spark settings that name the artefact's files at `base`, where `folder` was uploaded."""
    base = base.rstrip("/")
    jars = [path for path in files(folder) if path.startswith("jars/")]
    return {
        "spark.submit.pyFiles": f"{base}/tacho_enricher.zip",
        "spark.archives": f"{base}/environment.tar.gz#environment",
        "spark.jars": ",".join(f"{base}/{path}" for path in jars),
    }


def _own_packages(work: Path, archive: Path) -> None:
    """Our wheels in one zip: a wheel is a zip that can be imported from."""
    wheels = _made(work / "wheels")
    _run("build", "--wheel", "--no-build-isolation", "--out-dir", wheels, projects=_OWN)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as merged:
        for wheel in sorted(wheels.glob("*.whl")):
            with zipfile.ZipFile(wheel) as one:
                for entry in one.infolist():
                    merged.writestr(entry, one.read(entry))


def _environment(work: Path, archive: Path) -> None:
    """The locked packages for EMR's Python and platform, whatever machine this is."""
    packages = _made(work / "packages")
    lock = work / "requirements.lock"
    lock.write_text(_without_spark((REPOSITORY / _LOCK).read_text(encoding="utf-8")), encoding="utf-8")
    where = ("--target", packages, "--python-version", PYTHON, "--python-platform", PLATFORM, "--only-binary", ":all:")
    _run("pip", "install", "--quiet", "--require-hashes", "--no-deps", *where, "-r", lock)
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        for path in sorted(packages.iterdir()):
            tar.add(path, path.name, filter=_anonymous)


def _without_spark(lock: str) -> str:
    """The lock without what EMR brings itself, in its own version."""
    kept, skipping = [], False
    for line in lock.splitlines():
        if not line.startswith((" ", "#")):
            skipping = line.split("==")[0] in _SPARK_S_OWN
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n"


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """An archive entry that does not say who built it, when, or with which Python."""
    if "__pycache__" in entry.name or entry.name.split("/")[0] in (".lock", "bin"):
        return None
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _run(*arguments: str | Path, projects: tuple[str, ...] = ()) -> None:
    """uv, once for each project or once at all."""
    for project in projects or ("",):
        command = [Path(sys.executable).with_name("uv"), *arguments, *([REPOSITORY / project] if project else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise TachoError(f"The artefact could not be built: uv {arguments[0]} failed: {last}")


def _sums(folder: Path) -> str:
    lines = []
    for path in files(folder)[:-1]:
        with (folder / path).open("rb") as content:
            lines.append(f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {path}\n")
    return "".join(lines)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tacho.aws.artifact VERSION FOLDER")
    try:
        build(Path(sys.argv[2]), sys.argv[1])
    except TachoError as failure:
        sys.exit(str(failure))
