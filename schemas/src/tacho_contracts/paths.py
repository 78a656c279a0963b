"""Where the contract files are: inside the installed wheel, or in the repository when installed in place."""

import atexit
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path

_PACKAGED = Path(__file__).parent / "data"
_REPOSITORY = Path(__file__).parents[2]


@cache
def data_root() -> Path:
    """The folder that holds `asyncapi.yaml`, `avro/` and `examples/`.

    Spark imports packages from a zip without unpacking it; then the files are unpacked here, for this process.
    """
    archive = next((path for path in _PACKAGED.parents if zipfile.is_zipfile(path)), None)
    if archive is not None:
        return _unpacked(archive)
    return _PACKAGED if _PACKAGED.is_dir() else _REPOSITORY


def _unpacked(archive: Path) -> Path:
    folder = tempfile.mkdtemp(prefix="tacho-contracts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    inside = _PACKAGED.relative_to(archive).as_posix()
    with zipfile.ZipFile(archive) as files:
        files.extractall(folder, [name for name in files.namelist() if name.startswith(f"{inside}/")])
    return Path(folder) / inside
