"""Notes when each record of a topic could be read, until SIGTERM: `python -m benchmarks.receiver SERVERS TOPIC FILE`.

A process of its own that does nothing else meanwhile; decoding waits for the end.
"""

import signal
import sys
import threading
import time
from pathlib import Path

from confluent_kafka import Consumer, TopicPartition

from tacho_contracts.codec import decode_any


def main(servers: str, topic: str, path: Path) -> None:
    """Write `<microseconds since the epoch>,<event_id>` for each record of an event, in order of arrival."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "receiver", "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
    received: list[tuple[int, bytes]] = []
    while not stopping.is_set():
        message = consumer.poll(0.2)
        if message is not None and not message.error():
            received.append((time.time_ns() // 1000, message.value() or b""))
    consumer.close()
    with path.open("w", encoding="utf-8") as out:
        for at, value in received:
            content = decode_any(value)[2]
            # A relay passes heartbeats on like everything else, and they are no events.
            if "event_id" in content:
                out.write(f"{at},{content['event_id']}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
