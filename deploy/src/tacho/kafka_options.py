"""The contracts' Connection in confluent-kafka's words."""

from typing import Any

from tacho.errors import UsageError
from tacho_contracts.connection import Connection, Mode

Options = dict[str, Any]


def client_options(connection: Connection) -> Options:
    """What every client starts from. Raises UsageError for a way to log in that this tool does not speak."""
    options: Options = {"bootstrap.servers": connection.servers, "client.id": "tacho", "log_level": 0}
    if connection.mode is Mode.PLAINTEXT:
        return options
    if connection.mode is not Mode.SCRAM or connection.password is None:
        raise UsageError("The command line logs in with plaintext or scram: set TACHO_KAFKA_MODE to one of them.")
    options |= {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512"}
    options |= {"sasl.username": connection.user, "sasl.password": connection.password.get_secret_value()}
    return options | ({"ssl.ca.location": connection.ca} if connection.ca else {})


def reading_options(connection: Connection, name: str) -> Options:
    """A consumer that assigns itself partitions: librdkafka wants a group's name, but none is ever joined."""
    return client_options(connection) | {"group.id": name, "enable.auto.commit": False, "fetch.wait.max.ms": 100}
