"""An episode's event as a signed request. Pure."""

import hashlib
import hmac
from typing import Any

from tacho.consume.lines import as_json

MOST_BYTES = 65_536
"""Of one body: as much as the topic lets a record have."""


def body_of(event: dict[str, Any]) -> bytes:
    """The event (AlertEpisode) as a JSON object, UTF-8, times in ISO form."""
    return as_json(event).encode()


def key_of(event: dict[str, Any]) -> str:
    """What tells a repeat: the same key, the same bytes."""
    return f"{event['episode_id']}#{event['revision']}"


def headers_of(body: bytes, key: str, secret: bytes | None, now: int) -> dict[str, str]:
    """Headers of one try. now: s since the epoch; without a secret the request is not signed."""
    headers = {"Content-Type": "application/json", "User-Agent": "tacho-webhook", "X-Tacho-Event": key}
    if secret is not None:
        headers["X-Tacho-Signature"] = f"t={now},v1={signature(body, secret, now)}"
    return headers


def signature(body: bytes, secret: bytes, now: int) -> str:
    """HMAC-SHA-256 over `<now>.<body>`, in hex. The time is signed too, so that an old request is told from a new."""
    return hmac.new(secret, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
