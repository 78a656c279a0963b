"""The limit of one Python process: constant bytes produced with a delivery callback each, all of them counted."""

import sys

from confluent_kafka import KafkaError, Message

from benchmarks.peers.kafka import producer


def main(count: int, size: int, cars: int) -> int:
    """Exit code 0 when every record was delivered."""
    client = producer(**{"linger.ms": 20})
    keys = [str(1_000_000 + car).encode() for car in range(cars)]
    value = bytes(size)
    delivered = 0

    def on_delivery(error: KafkaError | None, _message: Message) -> None:
        nonlocal delivered
        delivered += error is None

    for number in range(count):
        while True:
            try:
                client.produce("sensors-sample", value, keys[number % cars], on_delivery=on_delivery)
                break
            except BufferError:
                client.poll(0.1)
        if number % 1000 == 0:
            client.poll(0)
    client.flush()
    return 0 if delivered == count else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
