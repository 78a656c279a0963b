"""Random logs of one partition: two or three cars, and all that can happen to samples on their way."""

from random import Random
from typing import Any

from tests.contract.generated_rules import BASE_SECONDS, CARS

Row = dict[str, Any]

_SPEEDS = [40.0, 80.0, 81.0, 95.0, 100.0, 100.5, 105.0, 110.0, 116.0, 131.0, 160.0]
_MODELS = [("Mazda", "3"), ("Mazda", "3"), (None, None), ("Opel", "Corsa")]
_STEPS = [0, 200, 500, 1000, 1000, 1000, 1000, 2000, 3000, 3500, 6000, 25_000]
_PAUSES = [500, 1000, 2500, 5000, 5000, 10_000, 41_000, 61_000]
_EVENT_TIMES = [0, 0, 0, 0, 0, -500, -2000, -20_000]
"""Of a sample, against the clock."""
_TIMESTAMPS = [0, 0, 0, 0, 0, 0, -1000, -15_000, -90_000]
"""Of its record, against the clock."""


def log(random: Random, actions: int) -> list[Row | int]:
    """Heartbeats as their time in ms, and enriched samples, in the order of the log."""
    gateway = _Gateway(random)
    for _ in range(actions):
        gateway.act()
    return gateway.log


class _Gateway:
    """Samples of its cars as the alerter reads them: some come late, again, out of order or never."""

    def __init__(self, random: Random) -> None:
        self.log: list[Row | int] = []
        self._random = random
        self._clock = BASE_SECONDS * 1000
        self._sequences = dict.fromkeys(CARS, 0)
        self._held: dict[int, list[Row]] = {car: [] for car in CARS}

    def act(self) -> None:
        """One thing that happens."""
        what = self._random.random()
        car = self._random.choice([CARS[0], *CARS])
        if what < 0.7:
            self._drive(car)
        elif what < 0.8:
            self._release(car)
        elif what < 0.86:
            self._repeat()
        elif what < 0.97:
            self._pass(self._random.choice(_PAUSES))
            self.log.append(self._clock)
        elif what < 0.985:
            self._crowd(car)
        else:
            self._cruise()

    def _pass(self, ms: int) -> None:
        self._clock += ms

    def _drive(self, car: int) -> None:
        """A few samples alike, that come, are held back for later or are lost."""
        choose = self._random.choice
        way, step, values = choose(["come"] * 5 + ["held", "lost"]), choose(_STEPS), self._values()
        for _ in range(choose([1, 1, 1, 2, 4, 7]) if way == "come" else 1):
            self._pass(step)
            sample = self._next(car, values, choose(_EVENT_TIMES))
            if way == "come":
                self.log.append(sample | {"logged_at": self._clock + choose(_TIMESTAMPS)})
            elif way == "held":
                self._held[car].append(sample)

    def _cruise(self) -> None:
        """All cars drive on, in order and with little to tell of."""
        values = self._values() | {"speed": 55.0, "rpm": 2500, "gear": 3, "gear_high": 4}
        for _ in range(self._random.randint(20, 60)):
            self._pass(self._random.choice([500, 1000]))
            for car in CARS:
                self.log.append(self._next(car, values, 0) | {"logged_at": self._clock})

    def _release(self, car: int) -> None:
        """What was held back comes."""
        self._pass(self._random.choice([0, *_PAUSES]))
        for _ in range(self._random.choice([1, 1, 2])):
            if held := self._held[car]:
                self.log.append(held.pop(self._random.randrange(len(held))) | {"logged_at": self._clock})

    def _repeat(self) -> None:
        """The end of the log comes again, as after a crash of the enricher."""
        end = self.log[-self._random.randint(1, 6) :]
        self.log += [dict(event) if isinstance(event, dict) else event for event in end]

    def _crowd(self, car: int) -> None:
        """More samples than may wait behind one gap, or more gaps than are remembered."""
        values, many, missing = self._values(), self._random.random() < 0.5, self._random.randint(1, 3)
        behind = self._random.choice([60, 64, 65, 130]) if many else self._random.randint(20, 40)
        for number in range(missing + behind):
            self._pass(20)
            sample = self._next(car, values, 0)
            if number < missing or (not many and number % 2 == 0):
                self._held[car].append(sample)
            else:
                self.log.append(sample | {"logged_at": self._clock})
        if self._random.random() < 0.5:
            self.log.append(self._held[car].pop(-missing) | {"logged_at": self._clock})

    def _values(self) -> Row:
        choose = self._random.choice
        brand_name, model_name = choose(_MODELS)
        return {
            **{"speed": choose(_SPEEDS), "rpm": choose([900, 1400, 1500, 2500, 3500]), "gear": choose(range(6))},
            **{"expected_gear": choose([None, 2, 3, 4]), "gear_low": 2, "gear_high": choose([None, 4, 4, 4])},
            **{"late": choose([False, True]), "brand_name": brand_name, "model_name": model_name},
        }

    def _next(self, car: int, values: Row, against_the_clock: int) -> Row:
        self._sequences[car] += 1
        sequence = self._sequences[car]
        return {
            **{"event_id": f"{car}-{sequence}", "car_id": car, "sequence": sequence},
            **{"event_time": self._clock + against_the_clock, "driver_id": car * 100 + 1, "color_name": "Red"},
            "dims_version": "0123456789ab",
            **values,
        }
