"""What every answer says to a browser, and the one place where methods that change things are refused."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tacho_dashboard.web.api import json_response

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class ReadOnly:
    """Passes GET and HEAD on, and adds HEADERS to whatever is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send_with_headers)
            return
        refusal = json_response({"error": "This service can only be read: GET or HEAD."}, 405)
        refusal.headers["Allow"] = "GET, HEAD"
        await refusal(scope, receive, send_with_headers)
