"""What simulating alone costs: `python -m benchmarks.simulation DIMS CARS RESULT`."""

import json
import sys
import time
from pathlib import Path

from tacho_producer.dims import load_dims
from tacho_producer.fleet import Car, Fleet
from tacho_producer.settings import load_settings

_LEAST_SAMPLES = 500_000
# Longer than a trip: planning the next one is part of the cost.
_LEAST_STEPS = 200


def main(dims: str, cars: int, result: Path) -> None:
    """Write the processor seconds per sample, the fleet's first step left out: it drives every car some steps ahead."""
    known = load_dims(dims)
    fleet = Fleet(
        [Car(car, known.drivetrains[model]) for car, model in known.cars[:cars]], 1, 1.0, load_settings({}).shares
    )
    readings, made = iter(fleet), 0
    while made < cars:
        made += len(next(readings).rpm)
    made, before = 0, time.process_time()
    while made < max(_LEAST_SAMPLES, _LEAST_STEPS * cars):
        made += len(next(readings).rpm)
    seconds = (time.process_time() - before) / made
    result.write_text(json.dumps({"cars": cars, "samples": made, "cpu_seconds_per_sample": seconds}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
