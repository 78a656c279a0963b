"""From what was sent and what arrived to the latency table's figures. Times in microseconds since the epoch. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import percentile

SHARES = {"p50": 0.50, "p90": 0.90, "p99": 0.99}
BEFORE_US, AFTER_US = 2_000_000, 3_000_000
"""A sample sent this close to the end of an epoch belongs to its pause."""


@dataclass(frozen=True)
class Sent:
    """One journalled sample."""

    event_id: str
    sent_us: int
    event_ms: int
    """When its sensors were read, which is when it was meant to be sent."""
    speed: float
    rpm: int


@dataclass(frozen=True)
class Figures:
    """The latencies of one phase, in milliseconds."""

    count: int
    share: float
    """Samples that arrived, of those sent."""
    percentiles: Mapping[str, float | None]
    longest: float
    pauses: tuple[float, ...]
    """The longest latency around each end of an epoch; these samples are in no other figure."""
    send_lag: float | None
    """99th percentile of the time between when a sample was meant to be sent and when it was."""
    missing: int
    """Samples whose alert must have come and did not."""


def sent_samples(lines: Iterable[str]) -> list[Sent]:
    """The journal's `sent` lines; one that was cut short is left out."""
    samples = []
    for line in lines:
        if line.startswith("sent,") and line.endswith("\n"):
            _, sent_us, _, car, sequence, event_ms, speed, rpm, _ = line.split(",")
            samples.append(Sent(f"{car}-{sequence}", int(sent_us), int(event_ms), float(speed), int(rpm)))
    return samples


def figures(
    sent: Sequence[Sent], arrived: Mapping[str, int], due: Collection[str], boundaries: Sequence[int]
) -> Figures:
    """Of one phase. `arrived`: first arrival by event_id; `due`: event_ids whose arrival is certain; `boundaries`:
    ends of epochs."""
    normal: list[float] = []
    around: dict[int, float] = {}
    for sample in sent:
        at = arrived.get(sample.event_id)
        if at is None:
            continue
        milliseconds = (at - sample.sent_us) / 1000
        near = next((edge for edge in boundaries if edge - BEFORE_US <= sample.sent_us <= edge + AFTER_US), None)
        if near is None:
            normal.append(milliseconds)
        else:
            around[near] = max(around.get(near, 0.0), milliseconds)
    normal.sort()
    lag = sorted(sample.sent_us / 1000 - sample.event_ms for sample in sent)
    return Figures(
        count=len(normal),
        share=sum(sample.event_id in arrived for sample in sent) / len(sent) if sent else 0.0,
        percentiles={name: percentile(normal, share) for name, share in SHARES.items()},
        longest=normal[-1] if normal else float("nan"),
        pauses=tuple(around[edge] for edge in sorted(around)),
        send_lag=percentile(lag, 0.99),
        missing=sum(sample.event_id in due and sample.event_id not in arrived for sample in sent),
    )


def certain_alerts(sent: Iterable[Sent]) -> set[str]:
    """Event ids that break one of the two rules that need nothing but the sample itself."""
    return {sample.event_id for sample in sent if sample.speed > 120 or sample.rpm > 6000}
