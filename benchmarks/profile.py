"""How much is run: the whole programme in some half hour, or a short look."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Phase:
    """One rate of the latency workload: samples a second, how long, and how much of the beginning is warm-up."""

    rate: int
    seconds: int
    warm_up: int


@dataclass(frozen=True)
class Profile:
    """Sizes of every workload."""

    name: str
    producer_samples: int
    """At least five steps of the largest fleet: the slope begins after a fifth, and the first step is no measure, for
    in it every car is driven some steps ahead."""
    producer_rounds: int
    drain_samples: int
    drain_rounds: int
    drain_seconds: float
    """When a slow contender of the drain is stopped."""
    alerter_samples: int
    alerter_rounds: int
    alerter_seconds: float
    epoch_seconds: int
    """The enricher's, in the latency workload."""
    everything: tuple[Phase, ...]
    alone: tuple[Phase, ...]
    relay: tuple[Phase, ...]

    def with_rounds(self, rounds: int | None) -> "Profile":
        """The same with another number of rounds for every workload."""
        if rounds is None:
            return self
        return replace(self, producer_rounds=rounds, drain_rounds=rounds, alerter_rounds=rounds)


FULL = Profile(
    name="full",
    producer_samples=1_000_000,
    producer_rounds=3,
    drain_samples=3_000_000,
    drain_rounds=3,
    drain_seconds=20.0,
    alerter_samples=600_000,
    alerter_rounds=3,
    alerter_seconds=8.0,
    epoch_seconds=300,
    # The long phase crosses the ends of two epochs.
    everything=(Phase(500, 690, 30), Phase(20, 60, 5), Phase(5000, 45, 15)),
    alone=(Phase(500, 60, 20), Phase(20, 40, 5), Phase(5000, 30, 10)),
    relay=(Phase(500, 25, 5), Phase(20, 40, 5), Phase(5000, 20, 5)),
)

QUICK = Profile(
    name="quick",
    producer_samples=1_000_000,
    producer_rounds=2,
    drain_samples=500_000,
    drain_rounds=1,
    drain_seconds=10.0,
    alerter_samples=200_000,
    alerter_rounds=1,
    alerter_seconds=4.0,
    epoch_seconds=60,
    everything=(Phase(500, 75, 20), Phase(20, 40, 5), Phase(5000, 45, 15)),
    alone=(Phase(500, 45, 15),),
    relay=(Phase(500, 20, 5),),
)
