"""Every connection mode in confluent-kafka's words."""

import sys
from types import SimpleNamespace

import pytest
from confluent_kafka import Producer

from tacho_contracts.connection import Connection
from tacho_producer.kafka_options import kafka_options
from tacho_producer.publisher import producer_options


def test_plaintext_needs_only_the_servers() -> None:
    options = kafka_options(Connection(servers="a:1,b:2"))
    assert options["bootstrap.servers"] == "a:1,b:2"
    assert "security.protocol" not in options


def test_scram_logs_in_over_tls() -> None:
    options = kafka_options(Connection(servers="a:1", mode="scram", user="u", password="p"))
    assert options["security.protocol"] == "SASL_SSL"
    assert (options["sasl.mechanism"], options["sasl.username"], options["sasl.password"]) == (
        "SCRAM-SHA-512",
        "u",
        "p",
    )


@pytest.fixture(autouse=True)
def signer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the optional signer, which only images for AWS install."""
    provider = SimpleNamespace(generate_auth_token=lambda region: (f"token for {region}", 4_000_000_000_000))
    monkeypatch.setitem(sys.modules, "aws_msk_iam_sasl_signer", SimpleNamespace(MSKAuthTokenProvider=provider))


def test_iam_asks_the_signer_for_a_token_when_one_is_needed() -> None:
    options = kafka_options(Connection(servers="a:1", mode="iam", region="eu-central-1"))
    assert options["sasl.mechanism"] == "OAUTHBEARER"
    assert options["oauth_cb"]("") == ("token for eu-central-1", 4_000_000_000.0)


@pytest.mark.parametrize(
    "connection",
    [
        Connection(servers="127.0.0.1:1"),
        Connection(servers="127.0.0.1:1", mode="scram", user="u", password="p"),
        Connection(servers="127.0.0.1:1", mode="iam", region="eu-central-1"),
    ],
    ids=lambda connection: connection.mode,
)
def test_librdkafka_takes_the_options_of_every_mode(connection: Connection) -> None:
    Producer(producer_options(connection, 1000, 0.0))


def test_no_sample_ever_expires_and_batches_fit_the_topic() -> None:
    options = producer_options(Connection(servers="a:1"), 1000, 0.0)
    assert options["message.timeout.ms"] == 0
    assert options["enable.idempotence"] is True
    assert options["batch.size"] < 65536
