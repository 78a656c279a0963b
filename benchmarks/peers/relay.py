"""One hop of the raw relay: every record copied from a topic to another as it is, without waiting for more."""

import sys

from benchmarks.peers.kafka import consumer, done, next_batch, on_delivery, producer


def main(source: str, target: str, group: str) -> None:
    """Run until the process is ended."""
    records, copies = consumer(source, group), producer(**{"linger.ms": 0})
    while True:
        batch = next_batch(records)
        for message in batch:
            copies.produce(target, message.value(), message.key(), on_delivery=on_delivery)
        copies.flush()
        done(records, batch)


if __name__ == "__main__":
    main(*sys.argv[1:4])
