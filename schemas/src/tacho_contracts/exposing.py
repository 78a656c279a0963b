"""A process's /metrics, /healthz and /readyz over HTTP, on a port of its own; nothing can be changed through it."""

import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from typing import Annotated, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app
from pydantic import BeforeValidator, Field

from tacho_contracts import health
from tacho_contracts.errors import ContractError
from tacho_contracts.metrics import Exposition

HOST = "127.0.0.1"
MOST_AT_ONCE = 8
IDLE_SECONDS = 5.0
"""A client that sends or takes nothing for so long is let go."""

Port = Annotated[int, BeforeValidator(lambda value: value or 0), Field(ge=0, le=65_535)]
"""A setting: where the answers are given; 0 or empty: nowhere."""

Answer = Iterable[bytes]


class _Handler(WSGIRequestHandler):
    timeout = IDLE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody wants a line for each scrape."""


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request, and no more than MOST_AT_ONCE; who comes on top of them is hung up on."""

    daemon_threads = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(*args, **kwargs)

    def server_bind(self) -> None:
        # As http.server does, but without asking a name server who we are: that may take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class Exposed:
    """The answers being given, until `close`."""

    def __init__(self, server: WSGIServer) -> None:
        self._server = server
        self.port: int = server.server_address[1]
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()

    def close(self) -> None:
        """Take no more requests and free the port."""
        self._server.shutdown()
        self._server.server_close()


def expose(shown: Exposition, host: str, port: int, setting: str) -> Exposed | None:
    """Answer from here on; None, and nothing is opened, when `port` is 0.

    Raises ContractError naming `setting`, which chose the port, when nobody can listen there.
    """
    if not port:
        return None
    try:
        server = make_server(host, port, application(shown), server_class=_Server, handler_class=_Handler)
    except OSError as error:
        raise ContractError(
            f"{setting}={port}: nothing can listen on {host}:{port} ({error.strerror}); set {setting} to a free port, "
            f"or to 0 for no metrics"
        ) from error
    return Exposed(server)


def application(shown: Exposition, clock: Callable[[], float] = time.time) -> Callable[..., Answer]:
    """The WSGI application. `clock`: seconds since the epoch."""
    metrics = make_wsgi_app(shown.registry)
    began = clock()

    def healthz() -> str:
        said, now = health.words(), clock()
        if not said and now - began > health.STALE_SECONDS:
            return f"{health.NO_STATUS}, {now - began:.0f} s after the start"
        return health.stalled(said, now)

    def readyz() -> str:
        return health.not_ready(health.words(), clock())

    checks = {"/healthz": healthz, "/readyz": readyz}

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if method not in ("GET", "HEAD"):
            body = _plain(start_response, HTTPStatus.METHOD_NOT_ALLOWED, "GET or HEAD only", ("Allow", "GET, HEAD"))
        elif path == "/metrics":
            body = metrics({**environ, "REQUEST_METHOD": "GET"}, start_response)
        elif path in checks:
            trouble = checks[path]()
            status = HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK
            body = _plain(start_response, status, trouble or "ok")
        else:
            body = _plain(start_response, HTTPStatus.NOT_FOUND, "there is /metrics, /healthz and /readyz")
        return [] if method == "HEAD" else body

    return answer


def _plain(start_response: Callable[..., Any], status: HTTPStatus, sentence: str, *headers: tuple[str, str]) -> Answer:
    body = f"{sentence}\n".encode()
    own = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", [*own, ("Cache-Control", "no-store"), *headers])
    return [body]
