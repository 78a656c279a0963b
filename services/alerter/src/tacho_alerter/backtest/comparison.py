"""What would have fired next to what did: figures of each rule, and of the cars that would notice most. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from heapq import nlargest

from tacho_alerter.backtest.matching import Spans
from tacho_alerter.backtest.tally import CarAndRule, Tally


@dataclass
class Told:
    """How many alerts and episodes there were."""

    alerts: int = 0
    episodes: int = 0


@dataclass
class Figures:
    """Of a rule, a car, or all of them: the published rules beside the draft."""

    published: Told = field(default_factory=Told)
    draft: Told = field(default_factory=Told)
    gained: int = 0
    """Episodes under the draft that no published rules' episode of the car and rule overlaps."""
    lost: int = 0
    """The other way round."""

    def add(self, other: "Figures") -> None:
        """Make these figures those of both."""
        self.published.alerts += other.published.alerts
        self.published.episodes += other.published.episodes
        self.draft.alerts += other.draft.alerts
        self.draft.episodes += other.draft.episodes
        self.gained += other.gained
        self.lost += other.lost

    @property
    def change(self) -> tuple[int, int]:
        """How much changes, to compare it with others: episodes first, then alerts; (0, 0) for nothing."""
        return self.gained + self.lost, abs(self.draft.alerts - self.published.alerts)


class Comparison:
    """Takes partition after partition; what it keeps does not grow with the fleet."""

    def __init__(self, top: int) -> None:
        """`top` is how many cars are named."""
        self._top = top
        self.rules: dict[str, Figures] = defaultdict(Figures)
        self.totals = Figures()
        self.changed_cars = 0
        self.most_changed: list[tuple[int, Figures]] = []
        """Cars by id, the one with the largest change first."""

    def add(self, published: Tally, draft: Tally) -> None:
        """What both told of one partition, which has all records of its cars."""
        cars: dict[int, Figures] = defaultdict(Figures)
        for key in {*published.alerts, *published.episodes, *draft.alerts, *draft.episodes}:
            figures = compared(published, draft, key)
            for whole in (cars[key[0]], self.rules[key[1]], self.totals):
                whole.add(figures)
        changed = [(car_id, figures) for car_id, figures in cars.items() if any(figures.change)]
        self.changed_cars += len(changed)
        self.most_changed = nlargest(
            self._top, [*self.most_changed, *changed], key=lambda entry: (entry[1].change, -entry[0])
        )


def compared(published: Tally, draft: Tally, key: CarAndRule) -> Figures:
    """The figures of one car and rule."""
    before, after = (tally.episodes.get(key) or Spans() for tally in (published, draft))
    return Figures(
        Told(published.alerts[key], len(before)),
        Told(draft.alerts[key], len(after)),
        gained=after.without_counterpart(before),
        lost=before.without_counterpart(after),
    )


def per_hour(count: int, milliseconds: int) -> float | None:
    """How many in an hour, to a hundredth; None where no time has passed."""
    return round(count * 3_600_000 / milliseconds, 2) if milliseconds > 0 else None
