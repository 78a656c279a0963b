"""The published copy of the contracts in a Glue registry: version n there is v<n>.avsc here."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.aws.waiting import Clock, until
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

_ABSENT = "EntityNotFoundException"
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
            following = int(self._client.get_schema(SchemaId=self._id(record))["NextSchemaVersion"])
        except ClientError as error:
            if code_of(error) == _ABSENT:
                raise TachoError(
                    f"Glue has no schema {record}: 10-foundation makes it (`tacho aws up 10-foundation`)."
                ) from error
            raise
        found = {number: self._definition(record, number) for number in range(1, following)}
        return {number: text for number, text in found.items() if text is not None}

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

    def _definition(self, record: str, number: int) -> str | None:
        """A version's text; None for one that failed, or was deleted."""
        asked = {"SchemaId": self._id(record), "SchemaVersionNumber": {"VersionNumber": number}}
        try:
            version = self._client.get_schema_version(**asked)
        except ClientError as error:
            if code_of(error) == _ABSENT:
                return None
            raise
        return str(version["SchemaDefinition"]) if version["Status"] == "AVAILABLE" else None

    def _settled(self, version_id: str) -> str | None:
        state = str(self._client.get_schema_version(SchemaVersionId=version_id)["Status"])
        return None if state == "PENDING" else state

    def _id(self, record: str) -> dict[str, str]:
        return {"RegistryName": self._registry, "SchemaName": record}
