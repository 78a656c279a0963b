"""The rules in a plain confluent-kafka loop: fetch, decode, judge, produce, wait for delivery, commit."""

import sys

from benchmarks.peers.kafka import consumer, done, next_batch, on_delivery, producer
from benchmarks.peers.rules import Rules


def main(group: str, rules_version: str) -> None:
    """Run until the process is ended."""
    rules = Rules(rules_version)
    samples, alerts = consumer("samples-enriched", group), producer(**{"linger.ms": 0})
    while True:
        batch = next_batch(samples)
        for message in batch:
            for topic, key, value in rules.alerts_of(message.value() or b""):
                alerts.produce(topic, value, key, on_delivery=on_delivery)
        alerts.flush()
        done(samples, batch)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
