"""From the moment a sample was sent to the moment its alert could be read. Pure but for the two file readers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

BEYOND = 10
"""A percentile is only given with at least this many samples beyond it: fewer say nothing."""
_PERCENTILES = {"p50": 50, "p90": 90, "p99": 99, "p99.9": 99.9}


def latencies_ms(received_us: Iterable[tuple[int, str]], sent_us: Mapping[str, int]) -> list[float]:
    """Milliseconds of each alert, its first copy only; alerts of samples that were not journalled are left out.

    received_us: (microseconds, alert_id) in order of arrival; sent_us: microseconds by event_id.
    """
    seen: set[str] = set()
    found = []
    for at, alert_id in received_us:
        sent = sent_us.get(alert_id.rpartition("/")[0])
        if sent is None or alert_id in seen:
            continue
        seen.add(alert_id)
        found.append((at - sent) / 1000)
    return found


def summary(milliseconds: Sequence[float]) -> dict[str, float | int | None]:
    """n, the maximum and the percentiles (nearest rank) that have enough samples beyond them; others are None."""
    ordered = sorted(milliseconds)
    count = len(ordered)
    figures: dict[str, float | int | None] = {"n": count, "max": round(ordered[-1], 2) if ordered else None}
    for name, percent in _PERCENTILES.items():
        # Rounded: 1000 * (100 - 99.9) / 100 is not quite 1 in floating point.
        beyond = round(count * (100 - percent) / 100, 6)
        figures[name] = round(ordered[max(0, count - int(beyond) - 1)], 2) if beyond >= BEYOND else None
    return figures


def read_received(path: Path) -> Iterator[tuple[int, str]]:
    """What the tap wrote: `<microseconds>,<alert_id>` lines; an unfinished last line is ignored."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                at, _, alert_id = line[:-1].partition(",")
                yield int(at), alert_id


def read_sent(journal: Path) -> dict[str, int]:
    """Microseconds since the epoch by event_id, from the producer's journal."""
    sent: dict[str, int] = {}
    for segment in sorted(journal.glob("journal-*.csv")):
        with segment.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("sent,") and line.endswith("\n"):
                    _, at, _, car_id, sequence, *_ = line.split(",")
                    sent[f"{car_id}-{sequence}"] = int(at)
    return sent
