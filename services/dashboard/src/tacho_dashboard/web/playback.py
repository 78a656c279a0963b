"""The routes of playing back."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tacho_dashboard.model.picture import Picture
from tacho_dashboard.playback.past import Past, PastUnreachable
from tacho_dashboard.playback.session import Playback, Wish
from tacho_dashboard.web.api import json_response
from tacho_dashboard.web.queries import BadQuery, known
from tacho_dashboard.web.streams import Places, Stream

_FASTEST = 600.0
_LATEST_MS = 253_402_300_799_000
"""The last second of the year 9999."""


class PlaybackRoutes:
    """Plays a past for `places.most` clients at once, each for `longest_hours` at most."""

    def __init__(
        self,
        past: Past,
        picture: Callable[[], Picture],
        places: Places,
        longest_hours: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._past = past
        self._picture = picture
        self._places = places
        self._longest_hours = longest_hours
        self._clock = clock

    def routes(self) -> list[Route]:
        """Both of them."""
        return [
            Route("/api/v1/playback", self._play, methods=["GET"]),
            Route("/api/v1/playback/range", self._range, methods=["GET"]),
        ]

    async def _range(self, request: Request) -> Response:
        known(request.query_params)
        try:
            found = await self._past.retained()
        except PastUnreachable as error:
            return json_response({"error": str(error)}, 503)
        first, last = found or (None, None)
        return json_response({"first": first, "last": last})

    async def _play(self, request: Request) -> Response:
        query = known(request.query_params, "from", "to", "speed")
        wish = wished(query, self._longest_hours, int(self._clock() * 1000))
        try:
            retained = await self._past.retained()
        except PastUnreachable as error:
            return json_response({"error": str(error)}, 503)
        if retained is None or wish.last < retained[0] or wish.first > retained[1]:
            kept = (
                "the log is empty"
                if retained is None
                else f"it is kept from {_iso(retained[0])} to {_iso(retained[1])}"
            )
            raise BadQuery(f"Nothing of that time is in the log: {kept}.")
        if self._places.full:
            sentence = f"{self._places.most} playbacks are running already; end one of them, or try again later."
            return json_response({"error": sentence}, 429)
        return Stream(Playback(self._past, wish, self._picture(), self._clock).stream(), self._places)


def wished(query: Mapping[str, str], longest_hours: float, now: int) -> Wish:
    """What a query asks for. `now`: ms since the epoch. Raises BadQuery."""
    first, last, speed = moment(query, "from"), moment(query, "to"), _speed(query)
    if last <= first:
        raise BadQuery("to must be later than from.")
    if last > now:
        raise BadQuery("to is in the future: only what was can be played back.")
    hours = (last - first) / speed / 3_600_000
    if hours > longest_hours:
        raise BadQuery(
            f"That would play for {hours:.1f} hours, and {longest_hours:g} is the most: "
            f"choose a shorter time or a higher speed."
        )
    return Wish(first, last, speed)


def moment(query: Mapping[str, str], name: str) -> int:
    """Milliseconds since the epoch, written so or as an ISO time (without a zone: UTC). Raises BadQuery."""
    text = query.get(name, "")
    if text.isascii() and text.isdigit() and len(text) < 16:
        found = int(text)
    else:
        try:
            at = datetime.fromisoformat(text)
            found = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
        except (ValueError, OverflowError) as error:
            raise BadQuery(
                f"{name} must be a time such as 2026-11-22T14:00:00Z or milliseconds since 1970, not {text[:40]!r}."
            ) from error
    if not 0 <= found <= _LATEST_MS:
        raise BadQuery(f"{name} must lie between the years 1970 and 9999.")
    return found


def _speed(query: Mapping[str, str]) -> float:
    text = query.get("speed", "1")
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= _FASTEST:
        raise BadQuery(f"speed must be a number from 1 to {_FASTEST:.0f}, not {text[:40]!r}.")
    return speed


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
