"""The picture as JSON: the same objects as in the stream's frames."""

import time
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tacho_dashboard.model.alerts import KEPT_ALERTS, MOST_OPEN, SHOWN_ALERTS, SHOWN_CLOSED
from tacho_dashboard.model.dead_letters import SHOWN_LETTERS
from tacho_dashboard.model.fleet import Car
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.model.windows import SHOWN_WINDOWS
from tacho_dashboard.web.queries import NotHere, car_number, known, one_of, whole

_LONGEST_HISTORY_SECONDS = 86_400
_HISTORY_SECONDS = 900

Answer = Callable[[Request], dict[str, Any]]


class Api:
    """Answers from one picture."""

    def __init__(self, picture: Picture, clock: Callable[[], float] = time.time) -> None:
        self._picture = picture
        self._clock = clock

    def routes(self) -> list[Route]:
        """All of them, below /api/v1."""
        answers: dict[str, Answer] = {
            "fleet": self._fleet,
            "cars/{car_id}": self._car,
            "cars/{car_id}/history": self._history,
            "alerts": self._alerts,
            "episodes": self._episodes,
            "windows": self._windows,
            "pipeline": self._pipeline,
            "dead-letters": self._dead_letters,
            "rules": lambda request: self._plain(request, self._picture.rules.everything),
            "faults": lambda request: self._plain(request, self._picture.faults.everything),
        }
        return [Route(f"/api/v1/{path}", _json(answer), methods=["GET"]) for path, answer in answers.items()]

    def _plain(self, request: Request, everything: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        known(request.query_params)
        return everything()

    def _fleet(self, request: Request) -> dict[str, Any]:
        known(request.query_params)
        clock = self._picture.diff(self._picture.revision, int(self._clock() * 1000))["clock"]
        return {"clock": clock, "states": dict(self._picture.fleet.counts())} | self._picture.fleet.everything()

    def _car(self, request: Request) -> dict[str, Any]:
        known(request.query_params)
        car = self._found(request)
        return {"car": car.line(), "profile": car.profile, "episodes": self._picture.episodes.of_car(car.id)}

    def _history(self, request: Request) -> dict[str, Any]:
        query = known(request.query_params, "seconds")
        seconds = whole(query, "seconds", _HISTORY_SECONDS, _LONGEST_HISTORY_SECONDS)
        car = self._found(request)
        columns = self._picture.fleet.history(car, seconds)
        since = car.sample[0] - seconds * 1000
        alerts = self._picture.alerts.of_car(car.id, since)
        return {"car_id": car.id} | columns | {"alerts": alerts, "episodes": self._picture.episodes.of_car(car.id)}

    def _alerts(self, request: Request) -> dict[str, Any]:
        limit = whole(known(request.query_params, "limit"), "limit", SHOWN_ALERTS, KEPT_ALERTS)
        return {"total": self._picture.alerts.total, "alerts": self._picture.alerts.newest(limit)}

    def _episodes(self, request: Request) -> dict[str, Any]:
        query = known(request.query_params, "state", "limit")
        state = one_of(query, "state", ("all", "open", "closed"))
        return {"episodes": self._picture.episodes.listed(state, whole(query, "limit", SHOWN_CLOSED, MOST_OPEN))}

    def _windows(self, request: Request) -> dict[str, Any]:
        limit = whole(known(request.query_params, "limit"), "limit", SHOWN_WINDOWS, SHOWN_WINDOWS)
        return {"windows": self._picture.windows.newest(limit)}

    def _pipeline(self, request: Request) -> dict[str, Any]:
        known(request.query_params)
        return self._picture.services.everything() | self._picture.latency.everything()

    def _dead_letters(self, request: Request) -> dict[str, Any]:
        limit = whole(known(request.query_params, "limit"), "limit", SHOWN_LETTERS, SHOWN_LETTERS)
        return {"dead_letters": self._picture.dead_letters.listed(limit)}

    def _found(self, request: Request) -> Car:
        car_id = car_number(request.path_params["car_id"])
        car = self._picture.fleet.cars.get(car_id)
        if car is None:
            raise NotHere(f"No sample of car {car_id} has been seen since this service began to read.")
        return car


def json_response(content: Any, status: int = 200) -> Response:
    """Never cached: the next moment it is another."""
    return Response(orjson.dumps(content), status, {"Cache-Control": "no-store"}, "application/json")


def _json(answer: Answer) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return json_response(answer(request))

    return endpoint
