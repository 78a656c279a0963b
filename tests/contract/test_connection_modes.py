"""Every client of every service says the same thing in every mode, and renews what ends."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from confluent_kafka import Producer
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth
from pydantic import SecretStr

import tacho.kafka_options
import tacho_alerter.kafka_options
import tacho_dashboard.kafka_options
import tacho_enricher.kafka_options
import tacho_producer.kafka_options
from tacho_contracts.connection import Connection, Mode

CONNECTIONS = {
    Mode.PLAINTEXT: Connection(servers="127.0.0.1:1"),
    Mode.SCRAM: Connection(servers="127.0.0.1:1", mode=Mode.SCRAM, user="u", password=SecretStr('p"\\;')),
    Mode.IAM: Connection(servers="127.0.0.1:1", mode=Mode.IAM, region="eu-central-1"),
}
MECHANISMS = {Mode.SCRAM: "SCRAM-SHA-512", Mode.IAM: "OAUTHBEARER"}

Options = Callable[[Connection], dict[str, Any]]
LIBRDKAFKA: dict[str, Options] = {
    "producer": tacho_producer.kafka_options.kafka_options,
    "enricher": tacho_enricher.kafka_options.librdkafka_options,
    "alerter": tacho_alerter.kafka_options.librdkafka_options,
    "tacho": tacho.kafka_options.client_options,
}
each_client = pytest.mark.parametrize("service", LIBRDKAFKA)


def of_faust(connection: Connection) -> dict[str, Any]:
    return dict(credentials_to_aiokafka_auth(tacho_alerter.kafka_options.faust_credentials(connection)))


AIOKAFKA: dict[str, Options] = {"alerter": of_faust, "dashboard": tacho_dashboard.kafka_options.kafka_options}
each_login = pytest.mark.parametrize("service", AIOKAFKA)


@each_client
@pytest.mark.parametrize("mode", Mode)
def test_librdkafka_takes_every_mode_of_every_service(service: str, mode: Mode, signer: object) -> None:
    options = LIBRDKAFKA[service](CONNECTIONS[mode])
    assert options["bootstrap.servers"] == "127.0.0.1:1"
    assert options.get("sasl.mechanism") == MECHANISMS.get(mode)
    assert options.get("security.protocol", "PLAINTEXT") == ("PLAINTEXT" if mode is Mode.PLAINTEXT else "SASL_SSL")
    Producer(options)


@each_client
def test_a_certificate_authority_of_ones_own_is_used(service: str) -> None:
    connection = CONNECTIONS[Mode.SCRAM].model_copy(update={"ca": "/ca.pem"})
    assert LIBRDKAFKA[service](connection)["ssl.ca.location"] == "/ca.pem"


@each_client
def test_a_token_is_renewed_before_it_ends(service: str, signer: Any) -> None:
    producer = Producer(LIBRDKAFKA[service](CONNECTIONS[Mode.IAM]) | {"log_level": 0})
    deadline = time.monotonic() + 3 * signer.seconds
    while len(signer.tokens) < 3:
        assert time.monotonic() < deadline, f"{service} asked for {len(signer.tokens)} tokens, not for 3"
        producer.poll(0.1)
    assert len(set(signer.tokens)) == len(signer.tokens)


@each_login
def test_aiokafka_signs_in_with_a_token_of_the_moment(service: str, signer: Any) -> None:
    provider = AIOKAFKA[service](CONNECTIONS[Mode.IAM])["sasl_oauth_token_provider"]
    tokens = [asyncio.run(provider.token()) for _ in range(2)]
    assert tokens == signer.tokens


@each_login
@pytest.mark.parametrize("mode", [Mode.SCRAM, Mode.IAM])
def test_aiokafka_never_logs_in_in_the_clear(service: str, mode: Mode) -> None:
    login = AIOKAFKA[service](CONNECTIONS[mode])
    assert (login["security_protocol"], login["sasl_mechanism"]) == ("SASL_SSL", MECHANISMS[mode])
    assert login["ssl_context"].check_hostname


def test_spark_signs_in_with_the_login_module_that_renews_its_own_tokens() -> None:
    options = tacho_enricher.kafka_options.spark_options(CONNECTIONS[Mode.IAM])
    assert options["kafka.security.protocol"] == "SASL_SSL"
    assert options["kafka.sasl.mechanism"] == "AWS_MSK_IAM"
    assert options["kafka.sasl.jaas.config"] == "software.amazon.msk.auth.iam.IAMLoginModule required;"
    handler = options["kafka.sasl.client.callback.handler.class"]
    assert handler == "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
