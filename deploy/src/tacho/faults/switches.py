"""What is switched on, who may inject it, and what may be asked for. Pure."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from tacho.errors import UsageError

Record = Mapping[str, Any]

FRESH_MS = 10_000
"""A status older than this is no word of a running service."""
FAULTS_TOPIC = "faults"


def require_known(name: str, known: Mapping[str, str]) -> None:
    """Raise UsageError unless the catalogue has this fault."""
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f"There is no fault {name!r}; there are {', '.join(known)}.{hint}")


def require_options(state: str, share: float | None, car_id: int | None) -> None:
    """Raise UsageError for a share or a car that makes no sense."""
    if state == "off" and not (share is None and car_id is None):
        raise UsageError("--share and --car say whom a fault strikes, so they go with `on`; `off` ends it for all.")
    if share is not None and not 0.0 <= share <= 1.0:
        raise UsageError(f"--share is a part of one whole, from 0 to 1, not {share:g}.")
    if car_id is not None and not 1_000_000 <= car_id <= 9_999_999:
        raise UsageError(f"--car is a car_id of seven digits, not {car_id}.")


def last_words(switches: Iterable[Record], known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each fault of the catalogue with the last word on it; one that was never switched is off."""
    newest = {switch["name"]: switch for switch in switches}
    never = {"on": False, "share": None, "car_id": None, "at": None, "by": None}
    return [
        {"name": name, **{field: newest.get(name, never)[field] for field in never}, "description": text}
        for name, text in known.items()
    ]


def unheard(statuses: Iterable[Record], now_ms: int) -> str:
    """Why a switch has no effect at this moment, in one sentence; empty when a running producer follows it.

    A producer that follows switches reads their topic, so its status names a partition of it.
    """
    newest = {status["instance"]: status for status in statuses if status["service"] == "producer"}
    running = [status for status in newest.values() if now_ms - status["at"] <= FRESH_MS]
    if any(part.startswith(f"{FAULTS_TOPIC}/") for status in running for part in status["lag"]):
        return ""
    if running:
        return (
            "The producer that runs allows no faults, so this has no effect until one is started that does "
            "(`tacho run --faults`, or TACHO_PRODUCER_FAULTS=allow)."
        )
    return "No producer runs, so this has no effect until one is started that allows faults (`tacho run --faults`)."
