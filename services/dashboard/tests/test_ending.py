"""What ends a client, a part of the service, or all of it."""

import asyncio
import time

import pytest
from starlette.applications import Starlette

from tacho_dashboard.reading import closing
from tacho_dashboard.serving import PartEnded, listen, serve


class Stubborn:
    """A client that does not close, and one that ends its caller when it is cancelled."""

    def __init__(self, error: BaseException | None = None) -> None:
        self._error = error

    async def stop(self) -> None:
        if self._error is not None:
            raise self._error
        await asyncio.Event().wait()


def test_a_client_that_does_not_close_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "_SECONDS", 0.05)
    began = time.monotonic()
    asyncio.run(closing.close(Stubborn()))
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("error", [asyncio.CancelledError(), ConnectionError("gone")])
def test_a_client_that_fails_to_close_ends_nobody(error: BaseException) -> None:
    asyncio.run(closing.close(Stubborn(error)))


@pytest.mark.parametrize("error", [asyncio.CancelledError(), None])
def test_a_part_that_ends_by_itself_ends_the_service_and_is_told(error: BaseException | None) -> None:
    async def part() -> None:
        await asyncio.sleep(0.05)
        if error is not None:
            raise error

    async def everything() -> None:
        with listen("127.0.0.1", 0, "port") as place:
            await serve(Starlette(), place, 10, part())

    with pytest.raises(PartEnded):
        asyncio.run(everything())


def test_what_a_part_raises_is_told() -> None:
    async def part() -> None:
        raise ValueError("a defect")

    async def everything() -> None:
        with listen("127.0.0.1", 0, "port") as place:
            await serve(Starlette(), place, 10, part())

    with pytest.raises(ValueError, match="a defect"):
        asyncio.run(everything())
