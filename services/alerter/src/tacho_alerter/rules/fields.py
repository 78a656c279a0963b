"""What a rule may look at: the fields of EnrichedSample and the acceleration, with their units."""

import json
from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any

from tacho_contracts.schemas import schema_text

ACCELERATION = "acceleration"
"""m/s2 since the sample of the car that was judged just before; null where there is none. No field of the contract."""
UNITS: Mapping[str, str] = MappingProxyType({"speed": "km/h", "rpm": "1/min", ACCELERATION: "m/s2"})
"""As the contract's docs say; numbers in other fields have no unit."""


class Kind(Enum):
    """What a value is, to a condition."""

    NUMBER = "a number"
    TEXT = "text"
    TRUTH = "true or false"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every field of EnrichedSample in the contract's order, then the acceleration. Times are numbers, in ms."""
    found = {field["name"]: _kind(field["type"]) for field in _declared()}
    return MappingProxyType(found | {ACCELERATION: Kind.NUMBER})


@cache
def numeric_fields() -> tuple[str, ...]:
    """The fields that have a level or can be one: numbers, and no times."""
    return tuple(
        field["name"]
        for field in _declared()
        if _kind(field["type"]) is Kind.NUMBER and not isinstance(field["type"], dict)
    )


def _declared() -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = json.loads(schema_text("EnrichedSample"))["fields"]
    return fields


def _kind(declared: Any) -> Kind:
    if isinstance(declared, list):
        (declared,) = (branch for branch in declared if branch != "null")
    name = declared["type"] if isinstance(declared, dict) else declared
    return {"string": Kind.TEXT, "boolean": Kind.TRUTH}.get(name, Kind.NUMBER)
