"""The contracts' Connection in confluent-kafka's words."""

from typing import Any

from tacho_contracts.connection import Connection, Mode

Options = dict[str, Any]


def client_options(connection: Connection) -> Options:
    """What every client starts from."""
    options: Options = {"bootstrap.servers": connection.servers, "client.id": "tacho", "log_level": 0}
    if connection.mode is Mode.PLAINTEXT:
        return options
    options["security.protocol"] = "SASL_SSL"
    if connection.ca:
        options["ssl.ca.location"] = connection.ca
    if connection.mode is Mode.SCRAM and connection.password:
        login = {"sasl.username": connection.user, "sasl.password": connection.password.get_secret_value()}
        return options | login | {"sasl.mechanism": "SCRAM-SHA-512"}
    # librdkafka asks again before a token expires.
    return options | {"sasl.mechanism": "OAUTHBEARER", "oauth_cb": lambda _: connection.token()}


def reading_options(connection: Connection, name: str) -> Options:
    """A consumer that assigns itself partitions: librdkafka wants a group's name, but none is ever joined."""
    return client_options(connection) | {"group.id": name, "enable.auto.commit": False, "fetch.wait.max.ms": 100}
