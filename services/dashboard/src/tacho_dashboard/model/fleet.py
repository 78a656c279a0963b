"""The cars: the newest sample of each, who drives what, its state, and its last minutes."""

from collections.abc import Iterator, Mapping
from typing import Any

from tacho_dashboard.model.history import NO_GEAR, History
from tacho_dashboard.model.revisions import Revisions

SILENT_MS = 60_000
"""A car that the log has not heard of for so long is silent; as the shipped rules have it."""
SPARK_SAMPLES = 60
_IDLE_KMH = 1.0
_FASTEST_KMH, _MOST_RPM, _MOST_GEARS = 400.0, 20_000, 10
_AHEAD_MS = 6_000
"""So far a gateway's clock may be ahead, by the catalogue; another second is granted to the broker's."""
_STATES = ("driving", "idle", "silent", "alerting")

Record = Mapping[str, Any]
Sample = tuple[int, float, int, int, int | None, int | None, int | None]
Profile = dict[str, Any]


class Car:
    """One car as the page shows it."""

    __slots__ = ("alerts", "episodes", "heard_at", "id", "profile", "profiled", "revision", "row", "sample", "state")

    def __init__(self, car_id: int, row: int) -> None:
        self.id = car_id
        self.row = row
        self.sample: Sample
        self.heard_at = 0
        """Log time of its last sample, ms."""
        self.state = "driving"
        self.alerts = 0
        self.episodes: set[str] = set()
        """Ids of those that are open."""
        self.profile: Profile = {}
        self.revision = 0
        self.profiled = 0
        """Revision of the profile."""

    def line(self) -> list[Any]:
        """As in a frame's `cars`."""
        return [self.id, *self.sample, self.state, self.alerts]


class Fleet:
    """All cars by id, `most_cars` of them; what is told of others is counted and left out."""

    def __init__(self, revisions: Revisions, history_samples: int, most_cars: int) -> None:
        self._revisions = revisions
        self._history = History(history_samples)
        self._most_cars = most_cars
        self._open: dict[int, set[str]] = {}
        self._alerts: dict[int, int] = {}
        self.cars: dict[int, Car] = {}
        self.left_out = 0
        self.event_time: int | None = None
        """The newest of the fleet, ms."""
        self.log_time = 0
        """How far the log has come, ms: the time at which the gateway sent its newest record."""

    def take(self, record: Record, timestamp: int) -> None:
        """An EnrichedSample written at `timestamp` (ms).

        Of a car's samples the one with the newest event time is shown; all are in its history.
        """
        if not _plausible(record, timestamp):
            self.left_out += 1
            return
        car = self.cars.get(record["car_id"]) or self._add(record["car_id"])
        if car is None:
            self.left_out += 1
            return
        event_time, speed = record["event_time"], round(record["speed"], 1)
        gears = record["expected_gear"], record["gear_low"], record["gear_high"]
        sample = (event_time, speed, record["rpm"], record["gear"], *gears)
        known = (NO_GEAR if gear is None else gear for gear in gears)
        self._history.append(car.row, (event_time, speed, record["rpm"], record["gear"], *known))
        self.hear(record["logged_at"], timestamp)
        car.heard_at = max(car.heard_at, min(record["logged_at"], timestamp))
        if car.revision and event_time < car.sample[0]:
            return
        self.event_time = max(event_time, self.event_time or 0)
        car.sample = sample
        self._profile(car, record)
        car.state = self._state(car)
        car.revision = self._revisions.stamp()

    def hear(self, logged_at: int, timestamp: int) -> None:
        """The log has come to `logged_at` (ms): a sample or a heartbeat was sent then, and came on at `timestamp`."""
        # One record from the future would make every car silent for ever.
        self.log_time = max(self.log_time, min(logged_at, timestamp))

    def count_alert(self, car_id: int) -> None:
        """One more alert of a car."""
        if car := self.cars.get(car_id):
            car.alerts += 1
            car.revision = self._revisions.stamp()
        elif len(self._alerts) < self._most_cars:
            self._alerts[car_id] = self._alerts.get(car_id, 0) + 1

    def episode(self, car_id: int, episode_id: str, is_open: bool) -> None:
        """An episode of a car is open, or is over."""
        car = self.cars.get(car_id)
        if car is None and is_open and len(self._open) >= self._most_cars:
            return
        open_ones = car.episodes if car else self._open.setdefault(car_id, set())
        if is_open == (episode_id in open_ones):
            return
        (open_ones.add if is_open else open_ones.discard)(episode_id)
        if car is not None:
            self._restate(car)

    def sweep(self) -> None:
        """See which cars have fallen silent."""
        for car in self.cars.values():
            if car.state != "silent" and self.log_time - car.heard_at > SILENT_MS:
                self._restate(car)

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of cars that changed after revision `since`."""
        changed = [car for car in self.cars.values() if car.revision > since]
        profiles = {str(car.id): car.profile for car in changed if car.profiled > since}
        found: dict[str, Any] = {"cars": [car.line() for car in changed]} if changed else {}
        return found | ({"profiles": profiles} if profiles else {})

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of cars."""
        return {
            "cars": [car.line() for car in self.cars.values()],
            "profiles": {str(car.id): car.profile for car in self.cars.values()},
            "sparks": {str(car.id): self._history.speeds(car.row, SPARK_SAMPLES) for car in self.cars.values()},
        }

    def history(self, car: Car, seconds: int) -> dict[str, list[Any]]:
        """The car's last `seconds` in columns, oldest first, as far back as they are kept."""
        return self._history.columns(car.row, car.sample[0] - seconds * 1000)

    def counts(self) -> Iterator[tuple[str, int]]:
        """How many cars are in each state."""
        states = [car.state for car in self.cars.values()]
        return ((state, states.count(state)) for state in _STATES)

    def _add(self, car_id: int) -> Car | None:
        if len(self.cars) >= self._most_cars:
            return None
        car = self.cars[car_id] = Car(car_id, self._history.add_car())
        car.episodes = self._open.pop(car_id, set())
        car.alerts = self._alerts.pop(car_id, 0)
        return car

    def _profile(self, car: Car, record: Record) -> None:
        profile = {
            "driver_id": record["driver_id"],
            "brand": record["brand_name"],
            "model": record["model_name"],
            "color": record["color_name"],
        }
        if profile != car.profile:
            car.profile, car.profiled = profile, self._revisions.stamp()

    def _restate(self, car: Car) -> None:
        state = self._state(car)
        if state != car.state:
            car.state, car.revision = state, self._revisions.stamp()

    def _state(self, car: Car) -> str:
        if self.log_time - car.heard_at > SILENT_MS:
            return "silent"
        if car.episodes:
            return "alerting"
        return "driving" if car.sample[1] >= _IDLE_KMH else "idle"


def _plausible(record: Record, timestamp: int) -> bool:
    # The enricher has checked them; whoever else may write to the topic has not.
    gears = (record["gear"], record["expected_gear"], record["gear_low"], record["gear_high"])
    return (
        0 <= record["event_time"] <= timestamp + _AHEAD_MS
        and 0 <= record["speed"] <= _FASTEST_KMH
        and 0 <= record["rpm"] <= _MOST_RPM
        and all(gear is None or 0 <= gear <= _MOST_GEARS for gear in gears)
    )
