"""Saving goes on a little at a time, and to its end while nobody waits for an alert."""

import asyncio
from types import SimpleNamespace

from tacho_alerter.state.keeper import STATES_AT_ONCE, Keeper


class Unsaved:
    """Partitions with so many states to save."""

    def __init__(self, states):
        self.left = 0
        self.states = states
        self.covered = []

    def begin_saving(self):
        self.left, self.states = self.states, 0

    def unsaved(self, limit):
        given = min(self.left, limit)
        self.left -= given
        return ["state"] * given, {0: 1} if given and not self.left else {}

    def mark_saved(self, positions):
        self.covered.append(positions)


class Delivered:
    def __init__(self):
        self.sent = []

    async def send(self, records):
        self.sent.append(len(records))


def keeper_of(states):
    delivery = Delivered()
    return Keeper(Unsaved(states), SimpleNamespace(), SimpleNamespace(), delivery, seconds=0.0), delivery


def test_between_two_rounds_only_some_states_are_saved():
    keeper, delivery = keeper_of(2 * STATES_AT_ONCE + 1)
    assert asyncio.run(keeper.save_if_due()) is True
    assert delivery.sent == [STATES_AT_ONCE]


def test_whoever_goes_on_while_more_is_due_saves_everything():
    keeper, delivery = keeper_of(2 * STATES_AT_ONCE + 1)

    async def while_nothing_comes():
        while await keeper.save_if_due():
            pass

    asyncio.run(while_nothing_comes())
    assert delivery.sent == [STATES_AT_ONCE, STATES_AT_ONCE, 1]
    assert keeper.partitions.covered[-1] == {0: 1}
    assert not keeper.saving


def test_with_nothing_to_save_nothing_is_sent():
    keeper, delivery = keeper_of(0)
    assert asyncio.run(keeper.save_if_due()) is False
    assert delivery.sent == []
