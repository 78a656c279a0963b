"""A car keeps its partition on every topic: all clients hash keys alike."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from confluent_kafka import Message, Producer

from tacho_contracts.catalogue import load_catalogue

PARTITIONS = load_catalogue().topics["sensors-sample"].partitions
CARS = [str(1_000_000 + 7919 * n) for n in range(500)]


@pytest.fixture(scope="module")
def by_librdkafka(broker) -> dict[str, int]:  # type: ignore[no-untyped-def]
    """Where librdkafka, set up as our services set it up, puts each car."""
    broker.create_topic("partitioning", PARTITIONS)
    placed: dict[str, int] = {}

    def delivered(error: object, message: Message) -> None:
        assert error is None
        key, partition = message.key(), message.partition()
        assert key is not None
        assert partition is not None
        placed[key.decode()] = partition

    producer = Producer({"bootstrap.servers": broker.servers, "partitioner": "murmur2_random"})
    for car in CARS:
        producer.produce("partitioning", key=car, value=b"", on_delivery=delivered)
    producer.flush(30)
    return placed


@pytest.mark.broker
def test_librdkafka_and_aiokafka_put_every_car_in_the_same_partition(by_librdkafka: dict[str, int]) -> None:
    everything = list(range(PARTITIONS))
    by_aiokafka = {car: DefaultPartitioner()(car.encode(), everything, everything) for car in CARS}
    assert by_aiokafka == by_librdkafka


@pytest.mark.broker
def test_the_fleet_spreads_over_all_partitions(by_librdkafka: dict[str, int]) -> None:
    assert set(by_librdkafka.values()) == set(range(PARTITIONS))
