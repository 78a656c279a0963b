"""From a record's bytes to a dict, whatever was written: any version of any catalogue record, or the seed's JSON."""

import json
from typing import Any

from tacho_contracts.codec import decode_any
from tacho_contracts.errors import Rejected

MAX_BYTES = 1_048_576
"""As much as any topic may carry."""
Decoded = dict[str, Any]


def decode(value: bytes | None) -> Decoded:
    """The record in `value`. Raises Rejected with the reason and a detail for people."""
    if value is not None and value[:1] == b"{":
        return _decode_json(value)
    _, _, record = decode_any(value, MAX_BYTES)
    return record


def _decode_json(value: bytes) -> Decoded:
    try:
        return dict(json.loads(value))
    except (ValueError, TypeError, RecursionError) as error:
        raise Rejected("malformed-json", f"{type(error).__name__}: {error}") from error
