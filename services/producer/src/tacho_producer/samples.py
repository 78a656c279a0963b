"""One reading of one car, as every part of the producer passes it on."""

from typing import NamedTuple


class Sample(NamedTuple):
    """The contract's SensorSample without its event_id, which is `<car_id>-<sequence>`. Speed in km/h, rpm in 1/min."""

    car_id: int
    sequence: int
    event_ms: int
    speed: float
    rpm: int
    gear: int
