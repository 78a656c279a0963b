"""The engine in a Faust agent as its guide writes one, an event at a time; sends through Faust."""

import sys
from pathlib import Path

import faust
from faust.types import StreamT

from benchmarks.peers.engine import Engine
from benchmarks.peers.kafka import SERVERS


def build(group: str, rules: Path, folder: str) -> faust.App:
    """The application, with one agent."""
    app = faust.App(
        group,
        datadir=folder,
        broker=f"kafka://{SERVERS}",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        producer_compression_type="lz4",
        producer_linger=0.005,
    )
    engine = Engine(rules)
    samples = app.topic("samples-enriched", value_type=bytes, value_serializer="raw")
    topics = {
        name: app.topic(name, value_type=bytes, value_serializer="raw", key_serializer="raw")
        for name in ("alert-data", "alerts-safety", "alerts-workshop", "alert-episodes")
    }

    async def judge(stream: StreamT[bytes]) -> None:
        async for event in stream.events():
            for topic, key, value, _ in engine.outgoing(event.message.partition, event.value):
                await topics[topic].send(key=key, value=value)

    app.agent(samples)(judge)
    return app


if __name__ == "__main__":
    application = build(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    sys.argv = ["faust", "worker", "--loglevel", "warn"]
    application.main()
