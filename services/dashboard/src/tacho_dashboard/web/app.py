"""The Starlette application: pages, JSON, streams, health."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tacho_contracts import health
from tacho_contracts.metrics import Exposition
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.web.api import Api, json_response
from tacho_dashboard.web.broadcast import Broadcast
from tacho_dashboard.web.headers import ReadOnly
from tacho_dashboard.web.queries import BadQuery, NotHere, known
from tacho_dashboard.web.streams import Places, Stream

STATIC = Path(__file__).parents[1] / "static"


class Files(StaticFiles):
    """The page's own files, asked for again each time, and sent only when they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles does, with a word to caches."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class Site:
    """All routes over one picture."""

    def __init__(self, picture: Picture, broadcast: Broadcast, shown: Exposition, places: Places) -> None:
        self._picture = picture
        self._broadcast = broadcast
        self._shown = shown
        self._places = places
        self._files = Files(directory=STATIC)

    def app(self, *more: Route) -> Starlette:
        """The application. `more`: routes of others."""
        routes = [
            Route("/", self._index, methods=["GET"]),
            Route("/healthz", self._healthz, methods=["GET"]),
            Route("/readyz", self._readyz, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
            Route("/api/v1/stream", self._stream, methods=["GET"]),
            *Api(self._picture).routes(),
            *more,
            Mount("/static", self._files),
        ]
        answers = {BadQuery: _sentence(400), NotHere: _sentence(404), HTTPException: _refused, Exception: _failed}
        return Starlette(routes=routes, middleware=[Middleware(ReadOnly)], exception_handlers=answers)

    async def _index(self, request: Request) -> Response:
        return await self._files.get_response("index.html", request.scope)

    async def _healthz(self, request: Request) -> Response:
        return _checked(health.stalled(health.words(), time.time()))

    async def _readyz(self, request: Request) -> Response:
        return _checked(health.not_ready(health.words(), time.time()))

    async def _metrics(self, request: Request) -> Response:
        return Response(generate_latest(self._shown.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _stream(self, request: Request) -> Response:
        query = known(request.query_params, "last")
        if self._places.full:
            return json_response({"error": f"{self._places.most} pages are open already; try again later."}, 429)
        last = request.headers.get("Last-Event-ID") or query.get("last")
        return Stream(self._broadcast.stream(last), self._places)


def _checked(trouble: str) -> Response:
    return PlainTextResponse(f"{trouble or 'ok'}\n", 503 if trouble else 200, {"Cache-Control": "no-store"})


def _sentence(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        return json_response({"error": str(error)}, status)

    return answer


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = "There is nothing at this address." if error.status_code == 404 else f"{error.detail}."
    return json_response({"error": sentence}, error.status_code)


async def _failed(request: Request, error: Exception) -> Response:
    return json_response({"error": "This service made a mistake; its log has more."}, 500)
