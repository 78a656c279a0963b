"""Seeded input: a fleet's dimension files of any size, and enriched samples put on their topic."""

import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaError, Message, Producer

from benchmarks.cluster import REPOSITORY
from tacho_contracts.codec import Codec

_SEED = 1
_MODELS, _COLORS = 7, 7
_PROGRESS = 1_000
_FLUSH_SECONDS = 60


def write_dims(folder: Path, cars: int) -> Path:
    """The dimension files of a fleet: the repository's tables and `cars` cars, the same at each call."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(REPOSITORY / "data" / "dims", folder, ignore=shutil.ignore_patterns("cars"))
    draw = random.Random(_SEED)
    drivers = draw.sample(range(100_000_000, 1_000_000_000), cars)
    lines = [
        f"{1_000_000 + number},{driver},{draw.randint(1, _MODELS)},{draw.randint(1, _COLORS)}"
        for number, driver in enumerate(drivers)
    ]
    (folder / "cars").mkdir()
    text = "\n".join(["car_id,driver_id,model_id,color_id", *lines, ""])
    (folder / "cars" / "cars.csv").write_text(text, encoding="utf-8")
    return folder


def send_enriched(servers: str, samples: Iterable[dict[str, Any]]) -> None:
    """Put them on samples-enriched, partitioned as the enricher does. Raises RuntimeError when one is refused."""
    producer = Producer(
        {"bootstrap.servers": servers, "partitioner": "murmur2_random", "compression.type": "lz4", "linger.ms": 20}
        | {"enable.idempotence": True, "batch.size": 49_152, "queue.buffering.max.messages": 1_000_000}
    )
    codec = Codec("EnrichedSample")
    refused: list[KafkaError] = []

    def on_delivery(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            refused.append(error)

    for number, sample in enumerate(samples):
        value, key = codec.encode(sample), b"%d" % sample["car_id"]
        while True:
            try:
                producer.produce("samples-enriched", value, key, on_delivery=on_delivery)
                break
            except BufferError:
                producer.poll(0.1)
        if number % _PROGRESS == 0:
            producer.poll(0)
    if producer.flush(_FLUSH_SECONDS) or refused:
        raise RuntimeError(f"the input could not be written: {refused[:1]}")
