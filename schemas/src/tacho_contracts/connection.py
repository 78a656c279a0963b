"""How to reach Kafka, from the environment, in words no client library owns.

Each service turns a Connection into its own client's options; see its `kafka_options.py`.
"""

from enum import StrEnum

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tacho_contracts.errors import ContractError


class Mode(StrEnum):
    """How a client proves who it is."""

    PLAINTEXT = "plaintext"
    SCRAM = "scram"
    IAM = "iam"


class Connection(BaseSettings):
    """Where the brokers are and how to log in; read from TACHO_KAFKA_SERVERS, _MODE, _USER, _PASSWORD, _CA, _REGION."""

    model_config = SettingsConfigDict(env_prefix="TACHO_KAFKA_", frozen=True)

    servers: str = "127.0.0.1:9092"
    mode: Mode = Mode.PLAINTEXT
    user: str | None = None
    password: SecretStr | None = None
    ca: str | None = None
    """Path of the certificate authority's PEM file; the system's when absent."""
    region: str | None = None
    """AWS region, for iam."""

    @model_validator(mode="after")
    def _complete(self) -> "Connection":
        if self.mode is Mode.SCRAM and not (self.user and self.password):
            raise ValueError("scram needs TACHO_KAFKA_USER and TACHO_KAFKA_PASSWORD")
        if self.mode is Mode.IAM and not self.region:
            raise ValueError("iam needs TACHO_KAFKA_REGION")
        return self


def connection_from_environment() -> Connection:
    """The Connection the environment describes. Raises ContractError with one sentence when it is incomplete."""
    try:
        return Connection()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "".join(f"TACHO_KAFKA_{str(part).upper()}: " for part in first["loc"])
        raise ContractError(f"{place}{first['msg'].removeprefix('Value error, ')}") from error
