"""A command that needs Kafka says so when it is called outside MSK's network."""

from tacho.errors import NoBrokerError


def test_brokers_of_msk_are_reached_from_inside_and_the_way_is_named() -> None:
    said = str(NoBrokerError("b-1.tacho-dev.x.c2.kafka.eu-central-1.amazonaws.com:9098"))
    assert "MSK answers only inside its network, where `tacho aws run -- COMMAND` runs a command" in said


def test_brokers_elsewhere_are_started_or_named() -> None:
    assert "start one (`make run`)" in str(NoBrokerError("127.0.0.1:9092"))
