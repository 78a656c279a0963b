"""`python -m tacho.local.tap SERVERS FILE`: notes when each alert could be read, until SIGTERM.

A process of its own, so that nothing the supervisor draws or decodes delays the clock.
"""

import signal
import sys
import time
from pathlib import Path

from confluent_kafka import OFFSET_END, Consumer, TopicPartition

from tacho.kafka_options import reading_options
from tacho.local.ports import HOST
from tacho.local.process import Spec
from tacho.local.settings import RunSettings
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection, Mode
from tacho_contracts.errors import Rejected

_FLUSH_SECONDS = 1.0
TOPIC = "alert-data"


def spec(settings: RunSettings, path: Path) -> Spec:
    """How to start the tap beside a run."""
    command = (sys.executable, "-m", "tacho.local.tap", f"{HOST}:{settings.port}", str(path))
    return Spec("tap", command, settings.folder.logs / "tap.log")


def main(servers: str, path: Path) -> int:
    """Write one `<microseconds since the epoch>,<alert_id>` line for each alert."""
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    codec = Codec("Alert")
    consumer = Consumer(reading_options(Connection(servers=servers, mode=Mode.PLAINTEXT), "tacho-tap"))
    partitions = consumer.list_topics(TOPIC, timeout=30).topics[TOPIC].partitions
    consumer.assign([TopicPartition(TOPIC, number, OFFSET_END) for number in partitions])
    flushed = time.monotonic()
    with path.open("a", encoding="utf-8") as out:
        while not stopping:
            message = consumer.poll(0.2)
            at = time.time_ns() // 1000
            if message is not None and not message.error():
                try:
                    out.write(f"{at},{codec.decode(message.value())['alert_id']}\n")
                except Rejected:
                    # What is no alert has no latency; the verifier reports it.
                    continue
            if time.monotonic() - flushed > _FLUSH_SECONDS:
                out.flush()
                flushed = time.monotonic()
    consumer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
