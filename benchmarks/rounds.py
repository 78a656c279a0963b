"""The order of runs: A B B A, so that a machine that drifts is the same burden for all. Pure."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def interleaved(contenders: Sequence[T], rounds: int) -> Iterator[tuple[int, T]]:
    """(round from 1, contender): every second round runs backwards."""
    for number in range(rounds):
        order = contenders if number % 2 == 0 else tuple(reversed(contenders))
        for contender in order:
            yield number + 1, contender
