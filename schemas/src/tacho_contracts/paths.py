"""Where the contract files are: inside the installed wheel, or in the repository when installed in place."""

from pathlib import Path

_PACKAGED = Path(__file__).parent / "data"
_REPOSITORY = Path(__file__).parents[2]


def data_root() -> Path:
    """The folder that holds `asyncapi.yaml`, `avro/` and `examples/`."""
    return _PACKAGED if _PACKAGED.is_dir() else _REPOSITORY
