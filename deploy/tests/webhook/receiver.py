"""A real HTTP server that answers as a test tells it to, and keeps what it was sent."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

HANG = 0
"""In place of a status: no answer until the server ends."""


class Receiver:
    """Answers each request with the next of `answers`, and 200 when there is none left."""

    def __init__(self, *answers: int, port: int = 0) -> None:
        self.answers = deque(answers)
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.taken: list[str] = []
        self.callers: set[tuple[str, int]] = set()
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    @property
    def url(self) -> str:
        """An address with a path that should stay a secret."""
        return f"http://127.0.0.1:{self.port}/hook/s3cret"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.callers.add(self.client_address)
                receiver.requests.append((dict(self.headers), body))
                status = receiver.answers.popleft() if receiver.answers else 200
                if status == HANG:
                    receiver._ended.wait(30)
                    self.close_connection = True
                    return
                if status == 200:
                    receiver.taken.append(self.headers["X-Tacho-Event"])
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler
