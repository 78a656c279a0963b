"""The rules in quixstreams: a streaming data frame over the same topics, topics chosen by record."""

import sys
from typing import Any

from quixstreams import Application  # type: ignore[import-not-found]
from quixstreams.models import Serializer  # type: ignore[import-not-found]

from benchmarks.peers.kafka import BATCH_BYTES, SERVERS
from benchmarks.peers.rules import Rules, Send


class Alert(Serializer):  # type: ignore[misc]
    """The bytes of an alert; its key and topic are chosen beside it."""

    def __call__(self, value: Send, ctx: Any) -> bytes:
        """What is produced."""
        return value.value


def main(group: str, rules_version: str, folder: str) -> None:
    """Run until the process is ended."""
    rules = Rules(rules_version)
    app = Application(
        broker_address=SERVERS,
        consumer_group=group,
        state_dir=folder,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        loglevel="WARNING",
        producer_extra_config={"compression.type": "lz4", "linger.ms": 5, "batch.size": BATCH_BYTES},
    )
    samples = app.topic("samples-enriched", value_deserializer="bytes")
    topics = {
        name: app.topic(name, value_serializer=Alert(), key_serializer="bytes")
        for name in ("alert-data", "alerts-safety", "alerts-workshop")
    }

    def judge(value: bytes) -> list[Send]:
        return list(rules.alerts_of(value))

    def target(send: Send, _key: Any, _timestamp: int, _headers: Any) -> Any:
        return topics[send.topic]

    frame = app.dataframe(samples).apply(judge, expand=True)
    frame.to_topic(target, key=lambda send: send.key)
    app.run()


if __name__ == "__main__":
    main(*sys.argv[1:4])
