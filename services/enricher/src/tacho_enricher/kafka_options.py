"""The Connection in the words of Spark's Kafka client (Java) and of confluent-kafka (librdkafka)."""

import json
from typing import Any

from tacho_contracts.connection import Connection, Mode


def spark_options(connection: Connection) -> dict[str, str]:
    """Options of a Spark Kafka reader or writer."""
    options = {"bootstrap.servers": connection.servers}
    if connection.mode is Mode.SCRAM and connection.password:
        # Quoted as JSON is: a quote or backslash in a password must not end the JAAS string.
        login = f"username={json.dumps(connection.user)} password={json.dumps(connection.password.get_secret_value())}"
        options |= {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512"}
        options["sasl.jaas.config"] = f"org.apache.kafka.common.security.scram.ScramLoginModule required {login};"
    if connection.mode is Mode.IAM:
        options |= {"security.protocol": "SASL_SSL", "sasl.mechanism": "AWS_MSK_IAM"}
        options["sasl.jaas.config"] = "software.amazon.msk.auth.iam.IAMLoginModule required;"
        options["sasl.client.callback.handler.class"] = "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
    if connection.ca:
        options |= {"ssl.truststore.type": "PEM", "ssl.truststore.location": connection.ca}
    return {f"kafka.{name}": value for name, value in options.items()}


def librdkafka_options(connection: Connection) -> dict[str, Any]:
    """Options of a confluent-kafka client."""
    # librdkafka's own log repeats a refused connection 20 times a second; `outage.py` says it once.
    options: dict[str, Any] = {"bootstrap.servers": connection.servers, "log_level": 2}
    if connection.mode is Mode.SCRAM and connection.password:
        options |= {"sasl.username": connection.user, "sasl.password": connection.password.get_secret_value()}
        options |= {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512"}
    if connection.mode is Mode.IAM:
        options |= {"security.protocol": "SASL_SSL", "sasl.mechanism": "OAUTHBEARER"}
        # librdkafka asks again before a token expires; in the JVM the login module does.
        options["oauth_cb"] = lambda _: connection.token()
    if connection.ca:
        options["ssl.ca.location"] = connection.ca
    return options
