"""Gives every request an id, which its answer, its audit rows and its logs carry."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cleanclaim.chassis.runtime import Runtime

HEADER = "X-Request-Id"
LONGEST = 64


class RequestId:
    """ASGI middleware: takes the caller's id where it is plain text, else makes one."""

    def __init__(self, app: ASGIApp, *, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given(scope) or str(self._runtime.new_id())
        scope.setdefault("state", {})["request_id"] = request_id

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self._app(scope, receive, named)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER.lower().encode():
            text: str = value.decode("latin-1")
            plain = text.isascii() and text.isprintable() and 1 <= len(text) <= LONGEST
            return text if plain else None
    return None
