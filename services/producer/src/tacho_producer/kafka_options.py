"""The contracts' Connection in confluent-kafka's words."""

from tacho_contracts.connection import Connection, Mode

Options = dict[str, object]


def kafka_options(connection: Connection) -> Options:
    """Options every confluent-kafka client of this service starts from."""
    options: Options = {"bootstrap.servers": connection.servers, "client.id": "tacho-producer"}
    # librdkafka's own log repeats a refused connection 20 times a second; errors come through error_cb.
    options["log_level"] = 2
    if connection.mode is Mode.PLAINTEXT:
        return options
    options["security.protocol"] = "SASL_SSL"
    if connection.ca:
        options["ssl.ca.location"] = connection.ca
    if connection.mode is Mode.SCRAM:
        password = connection.password.get_secret_value() if connection.password else ""
        user = {"sasl.username": connection.user, "sasl.password": password}
        return options | user | {"sasl.mechanism": "SCRAM-SHA-512"}
    # librdkafka asks again before a token expires.
    return options | {"sasl.mechanism": "OAUTHBEARER", "oauth_cb": lambda _: connection.token()}
