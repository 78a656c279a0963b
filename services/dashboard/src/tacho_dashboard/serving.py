"""The web server and whatever feeds the picture, side by side in one loop until a signal."""

import asyncio
import contextlib
import socket
from collections.abc import Coroutine
from typing import Any

import uvicorn
from starlette.applications import Starlette

_STOP_SECONDS = 2
_IDLE_SECONDS = 10
_WAITING_CONNECTIONS = 128


class PortTaken(Exception):
    """Nobody can listen where the settings say. The process ends with exit code 2: no restart mends it."""


class PartEnded(Exception):
    """A part that runs for ever has ended, which is a defect. The process ends with its trace."""


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A socket that listens there. Raises PortTaken naming `setting`, which chose the port."""
    try:
        return socket.create_server((host, port), backlog=_WAITING_CONNECTIONS, family=_family(host))
    except OSError as error:
        raise PortTaken(
            f"{setting}={port}: nothing can listen on {host}:{port} ({error.strerror}); set {setting} to a free port"
        ) from error


async def serve(app: Starlette, place: socket.socket, most: int, *beside: Coroutine[Any, Any, None]) -> None:
    """Answer at `place`, `most` connections at once, and run `beside` until a signal; raises what they raise."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        limit_concurrency=most,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    tasks = [asyncio.create_task(work) for work in beside]
    for task in tasks:
        # Whatever ends early ends the process: a page that stands still must not look alive.
        task.add_done_callback(lambda _: setattr(server, "should_exit", True))
    await server.serve([place])
    ended = [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    if ended:
        raise PartEnded("a part of the service ended by itself")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
