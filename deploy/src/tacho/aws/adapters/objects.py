"""A bucket's objects in the words of the Objects port."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_NO_BUCKET = frozenset({"NoSuchBucket"})


class Bucket:
    """One bucket, which is there."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self.name = name

    def keys(self, prefix: str) -> list[str]:
        """All keys below, sorted. Raises TachoError when the bucket is not there."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        with self._there():
            return sorted(found["Key"] for page in pages for found in page.get("Contents", ()))

    def read(self, key: str) -> bytes | None:
        """An object's content; None when there is none."""
        try:
            with self._there():
                return self._client.get_object(Bucket=self.name, Key=key)["Body"].read()
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise

    def write(self, key: str, content: bytes) -> None:
        """Put an object in place of what is there."""
        with self._there():
            self._client.put_object(Bucket=self.name, Key=key, Body=content)

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens when there is none."""
        with self._there():
            self._client.delete_object(Bucket=self.name, Key=key)

    @contextmanager
    def _there(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            if code_of(error) in _NO_BUCKET:
                raise TachoError(f"There is no bucket {self.name}: `tacho aws status` says what is up.") from error
            raise
