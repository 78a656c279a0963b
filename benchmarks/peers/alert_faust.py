"""The rules in a Faust agent as its guide writes one: `async for`, or `take` for batches; sends through Faust."""

import sys

import faust
from faust.types import StreamT

from benchmarks.peers.kafka import SERVERS
from benchmarks.peers.rules import Rules

TAKE, WITHIN_SECONDS = 1000, 0.05


def build(group: str, rules_version: str, take: bool, folder: str) -> faust.App:
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
    rules = Rules(rules_version)
    samples = app.topic("samples-enriched", value_type=bytes, value_serializer="raw")
    topics = {
        name: app.topic(name, value_type=bytes, value_serializer="raw", key_serializer="raw")
        for name in ("alert-data", "alerts-safety", "alerts-workshop")
    }

    async def judge(value: bytes) -> None:
        for topic, key, alert in rules.alerts_of(value):
            await topics[topic].send(key=key, value=alert)

    async def one_by_one(stream: StreamT[bytes]) -> None:
        async for value in stream:
            await judge(value)

    async def in_batches(stream: StreamT[bytes]) -> None:
        async for batch in stream.take(TAKE, WITHIN_SECONDS):
            for value in batch:
                await judge(value)

    app.agent(samples)(in_batches if take else one_by_one)
    return app


if __name__ == "__main__":
    application = build(sys.argv[1], sys.argv[2], take=sys.argv[3] == "take", folder=sys.argv[4])
    sys.argv = ["faust", "worker", "--loglevel", "warn"]
    application.main()
