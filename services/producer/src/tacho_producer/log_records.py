"""Samples read back from the log, in either encoding."""

import json
from functools import cache

from tacho_contracts.codec import MAGIC, Codec
from tacho_contracts.errors import Rejected
from tacho_producer.samples import Sample


@cache
def _codec() -> Codec:
    return Codec("SensorSample")


def decode_sample(value: bytes) -> Sample:
    """One record's sample. Raises Rejected for anything that is not one, for anyone may have written to the log."""
    try:
        record = _codec().decode(value) if value[:2] == MAGIC else json.loads(value)
        return Sample(
            int(record["car_id"]),
            int(record["sequence"]),
            int(record["event_time"]),
            float(record["speed"]),
            int(record["rpm"]),
            int(record["gear"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Rejected("malformed-json", type(error).__name__) from error
