"""The engine in a plain confluent-kafka loop: fetch, decode, judge, produce, wait for delivery, commit."""

import sys
from pathlib import Path

from benchmarks.peers.engine import Engine
from benchmarks.peers.kafka import consumer, done, next_batch, on_delivery, producer


def main(group: str, rules: Path) -> None:
    """Run until the process is ended."""
    engine = Engine(rules)
    samples, results = consumer("samples-enriched", group), producer(**{"linger.ms": 0})
    while True:
        batch = next_batch(samples)
        for message in batch:
            for topic, key, value, _ in engine.outgoing(message.partition() or 0, message.value() or b""):
                results.produce(topic, value, key, on_delivery=on_delivery)
        results.flush()
        done(samples, batch)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
