"""Where an archive is: a folder, or a prefix of an S3 bucket."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tacho.errors import UsageError

S3 = "s3://"


class Place(Protocol):
    """Files by name, below one address."""

    @property
    def address(self) -> str:
        """For people."""

    def names(self) -> Sequence[str]:
        """Names of all files, sorted."""

    def read(self, name: str) -> bytes | None:
        """A file's content; None when it is not there."""

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, whole or not at all."""


class Folder:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def address(self) -> str:
        """Its path."""
        return str(self._path)

    def names(self) -> list[str]:
        """All files below, unfinished ones left out."""
        return sorted(
            path.relative_to(self._path).as_posix()
            for path in self._path.rglob("*")
            if path.is_file() and path.suffix != ".part"
        )

    def read(self, name: str) -> bytes | None:
        """A file's content; None when it is not there."""
        path = self._path / name
        return path.read_bytes() if path.is_file() else None

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, whole or not at all."""
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_bytes(content)
        os.replace(unfinished, path)


class Prefix:
    """A prefix of a bucket."""

    def __init__(self, bucket: str, prefix: str) -> None:
        # boto3 takes half a second to load, and most commands never need it.
        import boto3

        from tacho.aws.adapters.objects import Bucket

        self._bucket = Bucket(boto3.client("s3"), bucket)
        self._prefix = f"{prefix.strip('/')}/"

    @property
    def address(self) -> str:
        """Its s3:// address."""
        return f"{S3}{self._bucket.name}/{self._prefix}"

    def names(self) -> list[str]:
        """All keys below, without the prefix."""
        return [key.removeprefix(self._prefix) for key in self._bucket.keys(self._prefix)]

    def read(self, name: str) -> bytes | None:
        """An object's content; None when it is not there."""
        return self._bucket.read(self._prefix + name)

    def write(self, name: str, content: bytes) -> None:
        """Put an object there; S3 shows it whole or not at all."""
        self._bucket.write(self._prefix + name, content)


def place_at(address: str) -> Place:
    """The folder or s3:// prefix. Raises UsageError for a bucket without a prefix."""
    if not address.startswith(S3):
        return Folder(Path(address).absolute())
    bucket, _, prefix = address.removeprefix(S3).partition("/")
    if not bucket or not prefix.strip("/"):
        raise UsageError(f"{address} names no archive: write s3://<bucket>/archive/<topic>/<cluster>.")
    return Prefix(bucket, prefix)
