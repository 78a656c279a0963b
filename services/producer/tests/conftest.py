"""Fixtures of the producer's tests: the shipped dims with a few cars."""

import shutil
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "data" / "dims"


@pytest.fixture
def dims_folder(tmp_path: Path) -> Path:
    """The shipped models, colours and drive-trains, and 20 cars, the models taken in turn."""
    folder = tmp_path / "dims"
    for kind in ("car_models", "car_colors", "drivetrains"):
        shutil.copytree(SOURCE / kind, folder / kind)
    (folder / "cars").mkdir()
    rows = [f"{1_000_003 + 7919 * n},{100_000_000 + n},{1 + n % 7},{1 + n % 7}" for n in range(20)]
    (folder / "cars" / "cars.csv").write_text("\n".join(["car_id,driver_id,model_id,color_id", *rows]) + "\n")
    return folder
