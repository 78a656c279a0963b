"""Seeded input: a fleet of any size, and enriched samples of which an exact share breaks a rule."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from confluent_kafka import KafkaError, Message, Producer

from benchmarks.cluster import REPOSITORY
from tacho_contracts.codec import Codec

START_MS = 1_750_000_000_000
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


def enriched_samples(count: int, cars: int, alert_every: int) -> Iterator[tuple[bytes, bytes]]:
    """(key, value) of EnrichedSample; of each car every `alert_every`-th breaks one of the seed's rules, in turn."""
    codec = Codec("EnrichedSample")
    draw = random.Random(_SEED)
    for number in range(count):
        car, sequence = 1_000_000 + number % cars, 1 + number // cars
        # Cars break rules one after the other, so that alerts come evenly at any point of the stream.
        turn, breaks = divmod(sequence + number % cars, alert_every)
        broken = turn % 3 if breaks == 0 else None
        event_time = START_MS + sequence * 1000
        sample = {
            "event_id": f"{car}-{sequence}",
            "car_id": car,
            "sequence": sequence,
            "event_time": event_time,
            "speed": draw.randint(1210, 1500) / 10 if broken == 0 else draw.randint(300, 1190) / 10,
            "rpm": draw.randint(6001, 6800) if broken == 1 else draw.randint(900, 5500),
            "gear": 1 if broken == 2 else 4,
            "driver_id": 100_000_000 + car,
            "brand_name": "Toyota",
            "model_name": "Corolla",
            "color_name": "Green",
            "expected_gear": 4,
            "gear_low": 3,
            "gear_high": 5,
            "late": False,
            "logged_at": event_time + 3,
            "dims_version": "0123456789ab",
        }
        yield b"%d" % car, codec.encode(sample)


def send_enriched(servers: str, count: int, cars: int, alert_every: int) -> None:
    """Put them on samples-enriched, partitioned as the enricher does. Raises RuntimeError when one is refused."""
    producer = Producer(
        {"bootstrap.servers": servers, "partitioner": "murmur2_random", "compression.type": "lz4", "linger.ms": 20}
        | {"enable.idempotence": True, "batch.size": 49_152, "queue.buffering.max.messages": 1_000_000}
    )
    refused: list[KafkaError] = []

    def on_delivery(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            refused.append(error)

    for number, (key, value) in enumerate(enriched_samples(count, cars, alert_every)):
        producer.produce("samples-enriched", value, key, on_delivery=on_delivery)
        if number % _PROGRESS == 0:
            producer.poll(0)
    if producer.flush(_FLUSH_SECONDS) or refused:
        raise RuntimeError(f"the input could not be written: {refused[:1]}")
