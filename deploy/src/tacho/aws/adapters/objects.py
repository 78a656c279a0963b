"""A bucket's objects in the words of the Objects port."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_NO_BUCKET = frozenset({"NoSuchBucket"})
_AT_ONCE = 1000


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

    def upload(self, path: Path, key: str) -> None:
        """Put a file of any size in place of what is there."""
        # boto3 takes half a second, which no command outside `tacho aws` should pay.
        from boto3.exceptions import S3UploadFailedError

        try:
            with self._there():
                self._client.upload_file(str(path), self.name, key)
        except S3UploadFailedError as error:
            # It is no error of a client, and hides the one it comes from.
            refusal = error.__context__
            raise refusal if isinstance(refusal, ClientError) else TachoError(f"{error}.") from None

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens when there is none."""
        with self._there():
            self._client.delete_object(Bucket=self.name, Key=key)

    def delete_below(self, prefix: str) -> int:
        """Remove everything below; how many objects there were. Raises TachoError naming the first that stays."""
        keys = self.keys(prefix)
        for start in range(0, len(keys), _AT_ONCE):
            names: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys[start : start + _AT_ONCE]]
            answer = self._client.delete_objects(Bucket=self.name, Delete={"Objects": names, "Quiet": True})
            for refused in answer.get("Errors", ()):
                why = refused.get("Message") or refused.get("Code")
                raise TachoError(f"s3://{self.name}/{refused.get('Key')} could not be removed: {why}.")
        return len(keys)

    @contextmanager
    def _there(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            if code_of(error) in _NO_BUCKET:
                raise TachoError(f"There is no bucket {self.name}: `tacho aws status` says what is up.") from error
            raise
