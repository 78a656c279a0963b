"""Records that could not be used: how many, why, and the newest with their bytes made safe to look at."""

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from tacho_dashboard.model.revisions import Revisions

SHOWN_LETTERS = 50
SHOWN_BYTES = 512
_OTHER_REASONS = "other"
_MOST_REASONS = 50
_AS_IT_IS = (*("source_topic", "source_partition", "source_offset", "source_timestamp", "service", "reason", "detail"),)

Record = Mapping[str, Any]


class DeadLetters:
    """Counted since the service began to read. Told once a second at most: a poisoned source sends thousands."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._by_reason: Counter[str] = Counter()
        self._latest: deque[dict[str, Any]] = deque(maxlen=SHOWN_LETTERS)
        self._revision = 0
        self._untold = False

    def take(self, record: Record) -> None:
        """A DeadLetter."""
        reason = record["reason"]
        room = reason in self._by_reason or len(self._by_reason) < _MOST_REASONS
        self._by_reason[reason if room else _OTHER_REASONS] += 1
        letter = {name: record[name] for name in _AS_IT_IS}
        letter["detail"] = letter["detail"][:SHOWN_BYTES]
        value = record["value"]
        shown = (value or b"")[:SHOWN_BYTES]
        letter["key_hex"] = None if record["key"] is None else record["key"][:SHOWN_BYTES].hex()
        letter["value_hex"] = None if value is None else shown.hex()
        letter["value_text"] = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in shown)
        letter["value_size"] = len(value or b"")
        self._latest.append(letter)
        self._untold = True

    def sweep(self) -> None:
        """Make known what came."""
        if self._untold:
            self._revision, self._untold = self._revisions.stamp(), False

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of them when some came after revision `since`."""
        return self.everything() if self._revision > since else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of them."""
        return {"dead_letters": self.listed(SHOWN_LETTERS)}

    def listed(self, limit: int) -> dict[str, Any]:
        """The counts, and the newest `limit`, oldest first."""
        latest = list(self._latest)[-limit:]
        return {"total": self._by_reason.total(), "by_reason": dict(self._by_reason), "latest": latest}
