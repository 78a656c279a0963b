"""The artefact for EMR: complete, checked, and importable with nothing but Python and pyspark."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest

from tacho.aws import artifact
from tacho.errors import TachoError, UsageError
from tacho.local.layout import REPOSITORY

BARE = """
import sys
sys.path[:0] = {paths!r}
import runpy
sys.argv = ["main.py", *{arguments!r}]
runpy.run_path("main.py", run_name="__main__")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact.build(tmp_path_factory.mktemp("artifact"), "0.0.1", print)


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the driver's folder on EMR holds: the archive below the name after its #."""
    folder = tmp_path_factory.mktemp("driver")
    shutil.unpack_archive(built / "environment.tar.gz", folder / "environment")
    shutil.copy(built / "main.py", folder)
    return folder


def bare_python(built: Path, folder: Path, *arguments: str, code: str = BARE) -> subprocess.CompletedProcess[str]:
    """main.py as spark-submit runs it, in a Python that sees no package of this machine but pyspark and py4j."""
    spark = Path(pyspark.__file__).parents[1]
    paths = [str(built / "tacho_enricher.zip"), str(folder / "spark")]
    (folder / "spark").mkdir(exist_ok=True)
    for name in ("pyspark", "py4j"):
        if not (folder / "spark" / name).exists():
            (folder / "spark" / name).symlink_to(spark / name)
    code = code.format(paths=paths, arguments=arguments)
    environment = {"PATH": os.environ["PATH"], "TACHO_KAFKA_SERVERS": "127.0.0.1:1", "TACHO_ENRICHER_WAIT_SECONDS": "0"}
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_queries_start_with_bare_python_and_pyspark(built: Path, unpacked: Path) -> None:
    done = bare_python(built, unpacked)
    assert done.returncode == 2, done.stderr
    assert "no Kafka broker answers at 127.0.0.1:1" in done.stderr.splitlines()[-1]


def test_the_cars_generator_is_the_same_entry_point(built: Path, unpacked: Path) -> None:
    done = bare_python(built, unpacked, "cars", "--help")
    assert done.returncode == 0, done.stderr
    assert "car_models/" in done.stdout


def test_our_packages_know_their_version_and_their_contracts_inside_the_zip(built: Path, unpacked: Path) -> None:
    (unpacked / "look.py").write_text(
        "import sys; sys.path.insert(1, 'environment')\n"
        "from importlib.metadata import version\n"
        "from tacho_contracts.catalogue import load_catalogue\n"
        "print(version('tacho-enricher'), 'sensors-sample' in load_catalogue().topics)\n"
    )
    code = BARE.replace('run_path("main.py"', 'run_path("look.py"')
    done = bare_python(built, unpacked, code=code)
    assert done.stdout.split()[1:] == ["True"], done.stderr


def test_it_holds_what_its_sums_say_and_spark_is_told_of_every_jar(built: Path) -> None:
    artifact.check(built)
    assert artifact.files(built)[-1] == artifact.SUMS
    settings = artifact.spark_files("s3://fleet/artifacts/enricher/0.0.1/", built)
    named = [place.rpartition("/")[2] for place in settings["spark.jars"].split(",")]
    assert sorted(named) == sorted(path.name for path in (built / "jars").iterdir())
    assert any(name.startswith("aws-msk-iam-auth-") for name in named)
    assert settings["spark.archives"] == "s3://fleet/artifacts/enricher/0.0.1/environment.tar.gz#environment"


def test_it_tells_the_shape_of_the_state_that_its_queries_keep(built: Path) -> None:
    told = (built / artifact.STATE).read_text()
    assert told == (REPOSITORY / "services/enricher/STATE").read_text()
    assert {line.split(":")[0] for line in told.splitlines() if line[0] != "#"} == {"windows", "alert-windows"}


def test_sha256sum_agrees(built: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", artifact.SUMS], cwd=built, check=True)


def test_a_changed_file_is_found(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(built, tmp_path / "copy")
    (copy / "main.py").write_text("")
    with pytest.raises(TachoError, match="SHA256SUMS"):
        artifact.check(copy)


def test_emr_brings_its_own_spark(built: Path, unpacked: Path) -> None:
    assert not {"pyspark", "py4j"} & {path.name for path in (unpacked / "environment").iterdir()}


@pytest.mark.parametrize("version", ["", "../x", ".hidden"])
def test_a_version_that_is_none_is_refused(version: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no version"):
        artifact.build(tmp_path, version)
