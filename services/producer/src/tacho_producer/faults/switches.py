"""What a switch of the topic `faults` says, checked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tacho_contracts.errors import Rejected

# Of samples; for the last three of cars. In a fleet of twenty that is seen, and the rest is seen beside it.
SHARES: Mapping[str, float] = MappingProxyType(
    {
        "late": 0.05,
        "duplicate": 0.05,
        "out-of-order": 0.05,
        "poison": 0.02,
        "silent-car": 0.1,
        "burst": 1.0,
        "clock-skew": 0.1,
    }
)
"""By fault, how many it strikes when its switch does not say."""
NUMBERS: Mapping[str, int] = MappingProxyType({name: number for number, name in enumerate(SHARES, 1)})
"""Keeps the draws of one fault apart from those of another."""


@dataclass(frozen=True)
class Switch:
    """A fault that is on: the share that it strikes (0 to 1), and the one car it is for, None for any."""

    share: float
    car_id: int | None


Switches = Mapping[str, Switch]
"""The faults that are on, by name."""


def switch_of(key: bytes | None, record: Mapping[str, Any]) -> tuple[str, Switch | None]:
    """The fault that a FaultSwitch is about, and its switch, None when it is off. Raises Rejected for a bad one."""
    name, share, car_id = record["name"], record["share"], record["car_id"]
    if name not in SHARES:
        raise Rejected("out-of-range", f"there is no fault {name!r}")
    if share is not None and not 0.0 <= share <= 1.0:
        raise Rejected("out-of-range", f"a share of {share}")
    if car_id is not None and not 1_000_000 <= car_id <= 9_999_999:
        raise Rejected("out-of-range", f"car_id {car_id}")
    if key != name.encode():
        raise Rejected("foreign-key", f"the key is not {name}")
    if not record["on"]:
        return name, None
    if share is None:
        # Who names a car wants to see it there.
        share = SHARES[name] if car_id is None else 1.0
    return name, Switch(share, car_id)
