"""How to reach Kafka, from the environment, in words no client library owns.

Each service turns a Connection into its own client's options; see its `kafka_options.py`. On AWS a value may be
`ssm:<parameter name>`: it is looked up at start, so that brokers of a new cluster need no new image or task.
"""

from enum import StrEnum

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tacho_contracts.aws import msk_token, resolved
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

    def token(self) -> tuple[str, float]:
        """For iam: a fresh token to sign in with, and when it expires, seconds since the epoch.

        Raises ContractError when there are no AWS credentials; clients then go on asking.
        """
        return msk_token(self.region)


def connection_from_environment() -> Connection:
    """The Connection the environment describes, looked up where it refers to SSM.

    Raises ContractError with one sentence when it is incomplete, a parameter is not there, or, for iam, nothing can
    sign: clients would otherwise wait for a token and then blame the broker.
    """
    connection = _looked_up(_described())
    if connection.mode is Mode.IAM:
        connection.token()
    return connection


def _described() -> Connection:
    try:
        return Connection()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "".join(f"TACHO_KAFKA_{str(part).upper()}: " for part in first["loc"])
        raise ContractError(f"{place}{first['msg'].removeprefix('Value error, ')}") from error


def _looked_up(connection: Connection) -> Connection:
    found: dict[str, object] = {"servers": resolved(connection.servers, connection.region, "TACHO_KAFKA_SERVERS")}
    if connection.user:
        found["user"] = resolved(connection.user, connection.region, "TACHO_KAFKA_USER")
    if connection.password:
        secret = resolved(connection.password.get_secret_value(), connection.region, "TACHO_KAFKA_PASSWORD")
        found["password"] = SecretStr(secret)
    return connection.model_copy(update=found)
