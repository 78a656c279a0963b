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
    state_cars: int
    state_seconds: int
    """Samples of each car in the workloads with state; the first one lies before the slope with five or more."""
    state_rounds: int
    state_most_seconds: float
    restore_cars: tuple[int, ...]
    """Fleets whose state is restored, for the slope of memory."""
    restore_samples: int
    """Samples of each of these fleets: what a worker holds of a backlog must not count as the cars' memory."""
    epoch_seconds: int
    """The enricher's, in the latency workload."""
    everything: tuple[Phase, ...]
    alone: tuple[Phase, ...]
    relay: tuple[Phase, ...]

    def with_rounds(self, rounds: int | None) -> "Profile":
        """The same with another number of rounds for every workload."""
        if rounds is None:
            return self
        return replace(self, producer_rounds=rounds, drain_rounds=rounds, alerter_rounds=rounds, state_rounds=rounds)


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
    state_cars=200_000,
    state_seconds=20,
    state_rounds=3,
    state_most_seconds=30.0,
    restore_cars=(50_000, 100_000, 200_000),
    restore_samples=1_000_000,
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
    state_cars=200_000,
    state_seconds=6,
    state_rounds=1,
    state_most_seconds=10.0,
    restore_cars=(50_000, 100_000),
    restore_samples=300_000,
    epoch_seconds=60,
    everything=(Phase(500, 75, 20), Phase(20, 40, 5), Phase(5000, 45, 15)),
    alone=(Phase(500, 45, 15),),
    relay=(Phase(500, 20, 5),),
)
