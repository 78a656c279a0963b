"""What is released is complete: the wheel carries the data files, and works where there is no repository."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_catalogue_schemas_and_examples(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "tacho_contracts/data/asyncapi.yaml" in names
    for source in [*REPOSITORY.glob("avro/*/*.avsc"), *REPOSITORY.glob("examples/*/*/*.json")]:
        assert f"tacho_contracts/data/{source.relative_to(REPOSITORY).as_posix()}" in names


def test_the_unpacked_wheel_encodes_and_decodes(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        "from tacho_contracts import paths; from tacho_contracts.catalogue import load_catalogue;"
        "from tacho_contracts.codec import Codec; Codec('Alert'); load_catalogue(); print(paths.data_root())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout
