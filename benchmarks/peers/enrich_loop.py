"""The enrichment in a plain confluent-kafka loop: decode, check, join from a dictionary, gears by bisection, encode."""

import sys
from pathlib import Path

from benchmarks.peers.dims import Car, gear, load_cars, version
from benchmarks.peers.kafka import consumer, done, next_batch, on_delivery, producer
from benchmarks.peers.wire import Record, Wire

ALLOWED_LATENESS_MS = 120_000
FUTURE_MS = 5_000
UNKNOWN = Car(None, None, None, None, None)


def checked(sample: Record, key: bytes, logged_at: int) -> Record:
    """The sample; raises ValueError for one that belongs in dead-letters (there is none in the benchmark)."""
    good = (
        b"%d" % sample["car_id"] == key
        and sample["event_id"] == f"{sample['car_id']}-{sample['sequence']}"
        and 1_000_000 <= sample["car_id"] <= 9_999_999
        and 0.0 <= sample["speed"] <= 400.0
        and 0 <= sample["rpm"] <= 20_000
        and 0 <= sample["gear"] <= 10
        and sample["event_time"] <= logged_at + FUTURE_MS
    )
    if not good:
        raise ValueError(f"a bad sample: {sample}")
    return sample


def enrich(sample: Record, car: Car, logged_at: int, dims_version: str) -> Record:
    """The sample with what is known of its car."""
    if car.gears is None:
        gears: tuple[int | None, ...] = (None, None, None)
    else:
        speed = sample["speed"]
        gears = (gear(car.gears.expected, speed), gear(car.gears.low, speed), gear(car.gears.high, speed))
    sample["driver_id"] = car.driver_id
    sample["brand_name"] = car.brand_name
    sample["model_name"] = car.model_name
    sample["color_name"] = car.color_name
    sample["expected_gear"], sample["gear_low"], sample["gear_high"] = gears
    sample["late"] = logged_at - sample["event_time"] > ALLOWED_LATENESS_MS
    sample["logged_at"] = logged_at
    sample["dims_version"] = dims_version
    return sample


def main(group: str, dims: Path) -> None:
    """Run until the process is ended."""
    cars, dims_version = load_cars(dims), version(dims)
    samples, heartbeats, results = Wire("SensorSample"), Wire("Heartbeat"), Wire("EnrichedSample")
    source, sink = consumer("sensors-sample", group), producer()
    while True:
        batch = next_batch(source)
        for message in batch:
            logged_at = message.timestamp()[1]
            key, record = message.key() or b"", message.value() or b""
            if heartbeats.wrote(record):
                partition = message.partition() or 0
                sink.produce("samples-enriched", record, partition=partition, on_delivery=on_delivery)
                continue
            sample = checked(samples.decode(record), key, logged_at)
            value = results.encode(enrich(sample, cars.get(sample["car_id"], UNKNOWN), logged_at, dims_version))
            sink.produce("samples-enriched", value, key, on_delivery=on_delivery)
            sink.poll(0)
        sink.flush()
        done(source, batch)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
