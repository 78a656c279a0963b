"""The partitions a worker has: for each its engine, how far it has come, and what of it is not yet in alerter-state."""

from collections.abc import Callable, Iterable

from tacho_alerter.engine.car import Sample
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
        self.saved = position
        """The position that alerter-state holds."""


class Partitions:
    """All partitions in work, by number. Not thread-safe: the loop alone uses it."""

    def __init__(self, decode: Callable[[bytes], Sample]) -> None:
        """`decode` reads an enriched sample; it raises Rejected."""
        self._decode = decode
        self._held: dict[int, Held] = {}
        self._history: RulesHistory | None = None
        self._log_id = ""
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

    @property
    def cars(self) -> int:
        """How many cars are known."""
        return sum(len(held.engine.cars) for held in list(self._held.values()))

    def unsaved(self) -> tuple[list[Outgoing], dict[int, int]]:
        """What has to be sent, in this order, for the state to be saved, and the positions that it then covers."""
        out: list[Outgoing] = []
        positions: dict[int, int] = {}
        for number, held in self._held.items():
            if held.position is None or held.position == held.saved:
                continue
            out += self._states(number, held, held.position)
            positions[number] = held.position
        return out, positions

    def mark_saved(self, positions: dict[int, int]) -> None:
        """The states of `unsaved` are in Kafka. No record may have been handled in between."""
        for number, position in positions.items():
            held = self._held.get(number)
            if held is not None and held.position == position:
                held.saved = position
                held.engine.changed.clear()

    def _states(self, number: int, held: Held, position: int) -> Iterable[Outgoing]:
        for car_id in held.engine.changed:
            value = self._car_codec.encode(car_state(held.engine.cars[car_id], position, self._decode))
            yield Outgoing(STATE_TOPIC, str(car_id).encode(), value, number)
        # After the states on their partition: where it stands, all of them do.
        content = {"partition": number, "position": position, "time": held.engine.time, "log": self._log_id}
        yield Outgoing(STATE_TOPIC, POSITION_KEY, self._position_codec.encode(content), number)
