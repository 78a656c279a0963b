"""What else is on the topics beside an invented fleet: statuses, dead letters, faults, rules, an acknowledgement."""

from typing import Any

from tacho_dashboard.rehearsal.cars import HOSTILE
from tacho_dashboard.rehearsal.judge import RULES

Record = dict[str, Any]
_INSTANCES = ("producer/producer", "enricher/enrich", "enricher/windows", "enricher/alert-windows", "alerter/alerter")
_LETTERS = (
    ("unknown-format", "starts with 0000 and not with the Avro marker c301", b"\x00\x00\xff<b>not a sample</b>"),
    (
        "malformed-json",
        "JSONDecodeError: Expecting value",
        b'{"event_id": "1000001-7", "speed": <script>alert(1)</script>',
    ),
    ("out-of-range", "speed 999.0 is above 400", bytes(range(256)) * 8),
    ("tombstone", "the record has no value", None),
)


def statuses(now: int, began: int, cars: int, hostile: bool) -> list[tuple[str, Record]]:
    """The services' words at `now` (ms); one that spoke only at the beginning, and one that is not ready."""
    found = [_status(name, now, began, cars) for name in _INSTANCES]
    found.append(_status("alerter/spare", began, began, 0))
    waiting = _status("enricher/second", now, began, 0)
    reason = HOSTILE if hostile else "no Kafka broker answers"
    return [("ServiceStatus", record) for record in (*found, waiting | {"ready": False, "reason": reason})]


def dead_letter(number: int, now: int) -> tuple[str, Record]:
    """The n-th dead letter."""
    reason, detail, value = _LETTERS[number % len(_LETTERS)]
    place = {"source_topic": "sensors-sample", "source_partition": number % 6, "source_offset": 1_000 + number}
    why = {"service": "enricher", "reason": reason, "detail": detail, "key": b"1000001", "value": value}
    return "DeadLetter", place | {"source_timestamp": now} | why


def fault(name: str, on: bool, now: int, hostile: bool) -> tuple[str, Record]:
    """A switch."""
    by = HOSTILE if hostile else "night desk"
    return "FaultSwitch", {"name": name, "on": on, "at": now, "by": by, "share": 0.1, "car_id": None}


def rules(began: int) -> tuple[str, Record]:
    """The rules, in force from the beginning."""
    return "RulesVersion", {"version": "rehearsal", "effective_at": began, "text": RULES}


def ack(episode: Record, now: int, hostile: bool) -> tuple[str, Record]:
    """Somebody has seen an episode."""
    said = {"by": HOSTILE if hostile else "night desk", "note": HOSTILE if hostile else "called the driver"}
    return "AlertAck", {"episode_id": episode["episode_id"], "car_id": episode["car_id"], "at": now} | said


def _status(name: str, at: int, since: int, cars: int) -> Record:
    service, instance = name.split("/")
    lag = {} if service == "producer" else {str(partition): cars // 50 for partition in range(6)}
    return {
        "service": service,
        "instance": instance,
        "version": "0.1.0",
        "since": since,
        "at": at,
        "ready": True,
        "reason": "",
        "rate": float(cars),
        "total": cars * (at - since) // 1000,
        "lag": lag,
        "restarts": 0,
        "state_bytes": 40_000 if service == "alerter" else 0,
    }
