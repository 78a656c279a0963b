"""All ways to log in, in both clients' words."""

import pytest
from confluent_kafka import Producer
from pydantic import SecretStr

from tacho_contracts.connection import Connection, Mode
from tacho_enricher.kafka_options import librdkafka_options, spark_options

CONNECTIONS = {
    Mode.PLAINTEXT: Connection(servers="b:9092", mode=Mode.PLAINTEXT),
    Mode.SCRAM: Connection(
        servers="b:9096", mode=Mode.SCRAM, user="enricher", password=SecretStr('a"b\\c; d'), ca="/ca.pem"
    ),
    Mode.IAM: Connection(servers="b:9098", mode=Mode.IAM, region="eu-west-1"),
}


@pytest.mark.parametrize("mode", Mode)
def test_both_clients_reach_the_same_servers(mode: Mode) -> None:
    assert spark_options(CONNECTIONS[mode])["kafka.bootstrap.servers"] == CONNECTIONS[mode].servers
    assert librdkafka_options(CONNECTIONS[mode])["bootstrap.servers"] == CONNECTIONS[mode].servers


@pytest.mark.parametrize("mode", [Mode.SCRAM, Mode.IAM])
def test_a_login_is_never_sent_in_the_clear(mode: Mode) -> None:
    assert spark_options(CONNECTIONS[mode])["kafka.security.protocol"] == "SASL_SSL"
    assert librdkafka_options(CONNECTIONS[mode])["security.protocol"] == "SASL_SSL"


def test_a_password_cannot_end_its_jaas_string() -> None:
    jaas = spark_options(CONNECTIONS[Mode.SCRAM])["kafka.sasl.jaas.config"]
    assert jaas.endswith('username="enricher" password="a\\"b\\\\c; d";')


@pytest.mark.parametrize("mode", [Mode.PLAINTEXT, Mode.SCRAM])
def test_librdkafka_knows_every_option(mode: Mode) -> None:
    Producer(librdkafka_options(CONNECTIONS[mode].model_copy(update={"ca": None})))
