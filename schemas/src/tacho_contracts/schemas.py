"""The Avro schemas: one reader version a service is built against, and every writer version it may meet."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastavro.schema import fingerprint, to_parsing_canonical_form

from tacho_contracts.aws import fetched
from tacho_contracts.errors import ContractError
from tacho_contracts.paths import data_root

SCHEMAS_VARIABLE = "TACHO_SCHEMAS"


@dataclass(frozen=True)
class WriterSchema:
    """One released avsc: its record and version, its text, and the 8 bytes that name it on the wire."""

    record: str
    version: int
    text: str
    fingerprint: bytes


def schemas_folder() -> Path:
    """The folder of writer schemas: `TACHO_SCHEMAS` when set (a folder, or an s3:// prefix), else the packaged one.

    Raises ContractError when the variable names no folder, or a prefix that cannot be read.
    """
    configured = os.environ.get(SCHEMAS_VARIABLE)
    if configured and configured.startswith("s3://"):
        return _fetched_schemas(configured)
    folder = Path(configured) if configured else data_root() / "avro"
    if not folder.is_dir():
        raise ContractError(f"{SCHEMAS_VARIABLE}={folder} is not a folder; give one that holds <Record>/v1.avsc")
    return folder


@cache
def _fetched_schemas(location: str) -> Path:
    return fetched(location, ".avsc", SCHEMAS_VARIABLE)


def schema_text(record: str, version: int = 1) -> str:
    """The packaged avsc of one version, as JSON text. Raises ContractError when there is none."""
    path = data_root() / "avro" / record / f"v{version}.avsc"
    if not path.is_file():
        raise ContractError(f"there is no schema {record} v{version} at {path}")
    return path.read_text(encoding="utf-8")


def schema_fingerprint(text: str) -> bytes:
    """CRC-64-AVRO of the canonical form, 8 bytes little-endian, as the Avro specification puts it on the wire."""
    return bytes.fromhex(fingerprint(to_parsing_canonical_form(json.loads(text)), "CRC-64-AVRO"))


def writer_schemas(record: str) -> tuple[WriterSchema, ...]:
    """Every released version of a record below `schemas_folder()`, oldest first.

    Raises ContractError when there is none, or when a file is not named v<number>.avsc.
    """
    return _writer_schemas(record, schemas_folder())


@cache
def _writer_schemas(record: str, folder: Path) -> tuple[WriterSchema, ...]:
    found = []
    for path in sorted((folder / record).glob("*.avsc")):
        number = path.stem.removeprefix("v")
        if not number.isdigit():
            raise ContractError(f"{path} is not named v<number>.avsc")
        text = path.read_text(encoding="utf-8")
        found.append(WriterSchema(record, int(number), text, schema_fingerprint(text)))
    if not found:
        raise ContractError(f"there is no schema for {record} in {folder}")
    return tuple(sorted(found, key=lambda schema: schema.version))


def records() -> tuple[str, ...]:
    """The names of all records that have a writer schema, sorted."""
    return tuple(sorted(path.name for path in schemas_folder().iterdir() if path.is_dir()))
