"""The partitions a worker has: for each its engine, how far it has come, and what of it is not yet in alerter-state."""

from collections.abc import Callable

from tacho_alerter.engine.car import Car, Sample
from tacho_alerter.engine.partition import Partition
from tacho_alerter.outgoing import Outgoing
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.state.records import car_state
from tacho_alerter.state.restoring import POSITION_KEY, STATE_BYTES, STATE_TOPIC, Restored
from tacho_contracts.codec import Codec


class Held:
    """One partition in work."""

    def __init__(self, engine: Partition, position: int | None) -> None:
        self.engine = engine
        self.position = position
        """Next offset to handle; None before the first record where no state was found."""
        self.delivered = position
        """Next offset whose results are not all in Kafka yet; None as above."""
        self.saved = position
        """The position that alerter-state holds."""
        self._unsent: list[int] = []
        self._goal: tuple[int, int] | None = None

    def begin_saving(self) -> None:
        """Note which cars have to be saved for the state to reach the present position."""
        if self._goal is None and self.position is not None and self.position != self.saved:
            self._goal = self.position, self.engine.time
            self._unsent, self.engine.changed = list(self.engine.changed), set()

    def next_cars(self, limit: int) -> list[Car]:
        """Up to `limit` of these cars that were not given out yet, as they are by now."""
        given, self._unsent = self._unsent[:limit], self._unsent[limit:]
        return [self.engine.cars[car_id] for car_id in given]

    def reached(self) -> tuple[int, int] | None:
        """Position and log time, ms, that the states cover once all that was given out is in Kafka; None before."""
        if self._unsent:
            return None
        goal, self._goal = self._goal, None
        return goal


class Partitions:
    """All partitions in work, by number. Not thread-safe: the loop alone uses it."""

    def __init__(self, decode: Callable[[bytes], Sample]) -> None:
        """`decode` reads an enriched sample; it raises Rejected."""
        self._decode = decode
        self._held: dict[int, Held] = {}
        self._history: RulesHistory | None = None
        self._log_id = ""
        self._written = self._written_bytes = 0
        self._car_codec = Codec("CarState", max_bytes=STATE_BYTES)
        self._position_codec = Codec("PartitionPosition")

    def __getitem__(self, partition: int) -> Held:
        return self._held[partition]

    def use(self, history: RulesHistory) -> None:
        """Judge by these rules from now on; what they say of past event times is what was said before."""
        if history is not self._history:
            self._history = history
            for held in self._held.values():
                held.engine.history = history

    def restore(self, restored: dict[int, Restored], log_id: str) -> None:
        """Hold exactly these partitions, as their states tell them. Needs `use` first."""
        if self._history is None:
            raise RuntimeError("rules come before state")
        self._log_id = log_id
        self._held = {
            number: Held(Partition(self._history, self._decode, found.time, found.cars), found.position)
            for number, found in restored.items()
        }

    def drop(self) -> None:
        """Hold nothing: others may have the partitions by now."""
        self._held = {}

    def saved(self, partition: int) -> int | None:
        """The position of a partition that its state covers; None when there is none."""
        held = self._held.get(partition)
        return None if held is None else held.saved

    @property
    def positions(self) -> dict[int, int | None]:
        """Next offset to handle by partition; None where nothing was handled."""
        return {number: held.position for number, held in list(self._held.items())}

    def mark_delivered(self, partition: int, position: int) -> None:
        """All that follows from the records before this offset is in Kafka."""
        held = self._held.get(partition)
        if held is not None:
            held.delivered = position

    @property
    def delivered(self) -> dict[int, int | None]:
        """Next offset whose results are not all in Kafka, by partition; None where nothing was handled."""
        return {number: held.delivered for number, held in list(self._held.items())}

    @property
    def cars(self) -> int:
        """How many cars are known."""
        return sum(len(held.engine.cars) for held in list(self._held.values()))

    @property
    def state_bytes(self) -> int:
        """How large the states of all cars are, by the mean of those written so far; 0 before the first."""
        return self.cars * self._written_bytes // max(self._written, 1)

    def begin_saving(self) -> None:
        """Note what has to be saved; what changes from here on is for the next time."""
        for held in self._held.values():
            held.begin_saving()

    def unsaved(self, limit: int) -> tuple[list[Outgoing], dict[int, int]]:
        """At most `limit` states to be sent in this order, and the positions that are covered once they are in Kafka.

        Nothing is left of what was noted when both are empty. A state is as its car is by now, which may be further on
        than the position in the end: whoever goes on takes what the car has seen already for repeats.
        """
        out: list[Outgoing] = []
        positions: dict[int, int] = {}
        for number, held in self._held.items():
            if held.position is None or len(out) >= limit:
                continue
            out += (self._state(number, car, held.position) for car in held.next_cars(limit - len(out)))
            reached = held.reached()
            if reached is not None:
                # After the states on their partition: where it stands, all of them do.
                out.append(self._position(number, *reached))
                positions[number] = reached[0]
        return out, positions

    def mark_saved(self, positions: dict[int, int]) -> None:
        """What `unsaved` gave out is in Kafka."""
        for number, position in positions.items():
            if number in self._held:
                self._held[number].saved = position

    def _state(self, number: int, car: Car, position: int) -> Outgoing:
        value = self._car_codec.encode(car_state(car, position, self._decode))
        self._written += 1
        self._written_bytes += len(value)
        return Outgoing(STATE_TOPIC, str(car.car_id).encode(), value, number)

    def _position(self, number: int, position: int, time: int) -> Outgoing:
        content = {"partition": number, "position": position, "time": time, "log": self._log_id}
        return Outgoing(STATE_TOPIC, POSITION_KEY, self._position_codec.encode(content), number)
