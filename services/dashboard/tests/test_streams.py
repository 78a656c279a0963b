"""The streams, event by event, and with more clients than there is room for."""

import asyncio
import json
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import psutil
import pytest
import uvicorn
from starlette.applications import Starlette

from services.dashboard.tests.records import CAR, NOW, alert, sample
from tacho_contracts.metrics import Exposition
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.playback.session import Playback, Wish
from tacho_dashboard.rehearsal.past import InventedPast
from tacho_dashboard.web.app import Site
from tacho_dashboard.web.broadcast import PIECE_BYTES, Broadcast
from tacho_dashboard.web.playback import PlaybackRoutes
from tacho_dashboard.web.streams import Places


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = NOW / 1000

    def __call__(self) -> float:
        return self.now


async def events(stream: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, str, dict[str, Any]]]:
    """(id, event, data) of each event."""
    text = ""
    async for piece in stream:
        text += piece.decode()
        while "\n\n" in text:
            event, _, text = text.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in event.split("\n"))
            if "data" in fields:
                yield fields.get("id", ""), fields["event"], json.loads(fields["data"])


def test_a_client_gets_a_snapshot_then_what_changed_and_goes_on_where_it_was(picture: Picture) -> None:
    async def scenario() -> None:
        broadcast = Broadcast(picture, Clock())
        picture.take("EnrichedSample", sample(), NOW)
        stream = events(broadcast.stream(None))
        first, name, frame = await anext(stream)
        assert (name, frame["cars"][0][0], frame["alerts"]) == ("snapshot", CAR, [])
        picture.take("Alert", alert(), NOW)
        broadcast.tick()
        _, name, frame = await anext(stream)
        assert (name, len(frame["alerts"]), "windows" in frame) == ("diff", 1, False)
        _, name, frame = await anext(events(broadcast.stream(first)))
        assert (name, len(frame["alerts"])) == ("diff", 1)

    asyncio.run(scenario())


@pytest.mark.parametrize("last", ["", "x", "0-0", "{boot}-99", "{boot}--1", "{boot}-²", "{boot}-" + "9" * 5000])
def test_a_place_of_another_process_or_of_none_begins_anew(picture: Picture, last: str) -> None:
    async def scenario() -> None:
        broadcast = Broadcast(picture, Clock())
        _, name, _ = await anext(events(broadcast.stream(last.replace("{boot}", broadcast.boot))))
        assert name == "snapshot"

    asyncio.run(scenario())


def test_a_slow_client_is_told_the_newest_alone_and_clients_at_one_place_share_a_frame(picture: Picture) -> None:
    async def scenario() -> None:
        broadcast = Broadcast(picture, Clock())
        picture.take("EnrichedSample", sample(), NOW)
        slow, other = broadcast.stream(None), broadcast.stream(None)
        for stream in (slow, other):
            await anext(stream)
        assert await anext(slow) is await anext(other)
        for second in range(1, 4):
            picture.take("EnrichedSample", sample(at=NOW + second, speed=float(second)), NOW + second)
            broadcast.tick()
        frame = await anext(slow)
        assert json.loads(frame.decode().split("data: ")[1])["cars"] == [
            [CAR, NOW + 3, 3.0, 2000, 3, 3, 2, 4, "driving", 0]
        ]
        assert await anext(other) is frame

    asyncio.run(scenario())


def test_without_news_the_clock_is_told_once_a_second_and_a_ping_every_fifteen(picture: Picture) -> None:
    async def scenario() -> None:
        clock = Clock()
        broadcast = Broadcast(picture, clock)
        stream = broadcast.stream(None)
        told = [await anext(stream), await anext(stream)]
        for _ in range(200):
            waiting = asyncio.ensure_future(anext(stream))
            while not waiting.done():
                clock.now += 0.1
                broadcast.tick()
                await asyncio.sleep(0)
            told.append(await waiting)
        seconds = clock.now - NOW / 1000
        assert sum(piece.startswith(b"id") for piece in told) == pytest.approx(seconds, rel=0.1)
        assert told.count(b": ping\n\n") == pytest.approx(seconds / 15, abs=2)

    asyncio.run(scenario())


def test_a_large_frame_comes_in_pieces() -> None:
    async def scenario() -> None:
        picture = Picture(most_cars=3_000)
        for number in range(3_000):
            picture.take("EnrichedSample", sample(CAR + number), NOW)
        stream = Broadcast(picture, Clock()).stream(None)
        await anext(stream)
        pieces = [await anext(stream)]
        while not pieces[-1].endswith(b"\n\n"):
            pieces.append(await anext(stream))
        assert len(pieces) > 3
        assert {len(piece) for piece in pieces[:-1]} == {PIECE_BYTES}

    asyncio.run(scenario())


def test_a_playback_shows_the_past_at_its_speed_and_ends() -> None:
    async def scenario() -> None:
        playback = Playback(InventedPast(3, 1), Wish(NOW, NOW + 60_000, 120.0), Picture())
        began = time.monotonic()
        told = [event async for event in events(playback.stream())]
        assert time.monotonic() - began == pytest.approx(0.5, abs=0.4)
        assert ([name for _, name, _ in told][:2], told[-1][1]) == (["snapshot", "diff"], "end")
        frames = [frame for _, name, frame in told if name != "end"]
        assert frames[-1]["clock"]["playback"] == {"from": NOW, "to": NOW + 60_000, "speed": 120.0, "at": NOW + 60_000}
        assert frames[-1]["clock"]["event_time"] == NOW + 60_000

    asyncio.run(scenario())


class Served:
    """The service in a thread, and connections to it that take nothing."""

    def __init__(self, app: Starlette) -> None:
        place = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = place.getsockname()[1]
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1, lifespan="off"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve([place])))
        self._thread.start()
        self.connections: list[socket.socket] = []

    def ask(self, path: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.settimeout(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.connections.append(connection)
        return connection

    def hang_up(self) -> None:
        while self.connections:
            self.connections.pop().close()

    def close(self) -> None:
        self.hang_up()
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def serve() -> Any:
    """Starts a service; ends it afterwards."""
    served: list[Served] = []

    def start(app: Starlette) -> Served:
        served.append(Served(app))
        return served[-1]

    yield start
    for one in served:
        one.close()


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def test_a_thousand_slow_clients_take_a_bounded_memory_and_most_are_turned_away(serve: Any) -> None:
    picture, places = Picture(most_cars=2_000), Places(200)
    for number in range(2_000):
        picture.take("EnrichedSample", sample(CAR + number), NOW)
    served = serve(Site(picture, Broadcast(picture), Exposition("dashboard", "0"), places).app())
    before = psutil.Process(os.getpid()).memory_info().rss
    answers = [served.ask("/api/v1/stream").recv(12) for _ in range(200)]
    for _ in range(800):
        answers.append(served.ask("/api/v1/stream").recv(12))
        # As a browser does; and a test may open a thousand files only.
        served.connections.pop().close()
    assert answers.count(b"HTTP/1.1 200") == places.taken == 200
    assert answers.count(b"HTTP/1.1 429") == 800
    assert psutil.Process(os.getpid()).memory_info().rss - before < 120_000_000
    served.hang_up()
    until(lambda: places.taken == 0, "all places are free again")


def test_a_fifth_playback_is_turned_away_and_a_place_is_free_when_one_ends(serve: Any) -> None:
    picture, places = Picture(), Places(4)
    playback = PlaybackRoutes(InventedPast(2, 1), Picture, places, longest_hours=2.0)
    site = Site(picture, Broadcast(picture), Exposition("dashboard", "0"), Places(1))
    served = serve(site.app(*playback.routes()))
    now = int(time.time() * 1000)
    path = f"/api/v1/playback?from={now - 600_000}&to={now - 1000}"
    for _ in range(4):
        assert served.ask(path).recv(12) == b"HTTP/1.1 200"
    refused = served.ask(path)
    refusal = refused.recv(4096)
    while b"}" not in refusal:
        refusal += refused.recv(4096)
    assert refusal.startswith(b"HTTP/1.1 429")
    assert b"4 playbacks are running already; end one of them, or try again later." in refusal
    served.hang_up()
    until(lambda: places.taken == 0, "all places are free again")
    assert served.ask(path).recv(12) == b"HTTP/1.1 200"
