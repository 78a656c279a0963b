"""Letting go of a client: without a broker that may take long, and nobody waits for it."""

import asyncio
from typing import Protocol

_SECONDS = 5.0
_closing: set[asyncio.Task[None]] = set()


class Client(Protocol):
    """A consumer, or a producer."""

    async def stop(self) -> None:
        """Close its connections."""


async def close(client: Client) -> None:
    """Stop it; what is not done in a few seconds goes on by itself. Never raises what stopping raises.

    It is not cancelled: aiokafka would pass the cancellation on to whoever waits.
    """
    task = asyncio.create_task(client.stop())
    _closing.add(task)
    task.add_done_callback(_done)
    await asyncio.wait({task}, timeout=_SECONDS)


def _done(task: asyncio.Task[None]) -> None:
    _closing.discard(task)
    if not task.cancelled():
        task.exception()
