"""The published copy of the contracts in a Glue registry: version n there is v<n>.avsc here."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.aws.waiting import Clock, until
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

_EVERY_SECONDS = 1.0
_CHECK_SECONDS = 60.0


class GlueSchemas:
    """The schemas of one registry."""

    def __init__(self, client: "GlueClient", registry: str, clock: Clock | None = None) -> None:
        self._client: Any = client
        self._registry = registry
        self._clock = clock or Clock()

    def versions(self, record: str) -> dict[int, str]:
        """Definitions by version number, those that failed left out. Raises TachoError when the schema is absent."""
        try:
            pages = self._client.get_paginator("list_schema_versions").paginate(SchemaId=self._id(record))
            numbers = [
                int(found["VersionNumber"])
                for page in pages
                for found in page["Schemas"]
                if found["Status"] == "AVAILABLE"
            ]
        except ClientError as error:
            if code_of(error) == "EntityNotFoundException":
                raise TachoError(
                    f"Glue has no schema {record}: 10-foundation makes it (`tacho aws up 10-foundation`)."
                ) from error
            raise
        return {number: self._definition(record, number) for number in sorted(numbers)}

    def register(self, record: str, version: int, text: str) -> None:
        """Publish the next version. Raises TachoError when AWS refuses it or counts differently."""
        answer = self._client.register_schema_version(SchemaId=self._id(record), SchemaDefinition=text)
        state = until(
            lambda: self._settled(answer["SchemaVersionId"]),
            self._clock,
            _EVERY_SECONDS,
            _CHECK_SECONDS,
            f"Glue did not check {record} v{version} within {_CHECK_SECONDS:.0f} s: ask again.",
        )
        if state != "AVAILABLE":
            raise TachoError(f"Glue refused {record} v{version} ({state.lower()}): its compatibility is FULL_ALL.")
        if int(answer["VersionNumber"]) != version:
            raise TachoError(
                f"Glue counts {record} v{version} as version {answer['VersionNumber']}: a version failed there before; "
                f"delete the failed one in the registry."
            )

    def _definition(self, record: str, number: int) -> str:
        asked = {"SchemaId": self._id(record), "SchemaVersionNumber": {"VersionNumber": number}}
        return str(self._client.get_schema_version(**asked)["SchemaDefinition"])

    def _settled(self, version_id: str) -> str | None:
        state = str(self._client.get_schema_version(SchemaVersionId=version_id)["Status"])
        return None if state == "PENDING" else state

    def _id(self, record: str) -> dict[str, str]:
        return {"RegistryName": self._registry, "SchemaName": record}
