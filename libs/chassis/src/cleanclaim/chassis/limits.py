"""Stops request bodies that are too large, by counting bytes while they arrive."""

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cleanclaim.chassis.errors import problem

LARGEST_BODY_BYTES = 64 * 1024 * 1024


class BodyLimit:
    """ASGI middleware: refuses a body over the limit with 413, whatever Content-Length says."""

    def __init__(self, app: ASGIApp, *, limit: int = LARGEST_BODY_BYTES) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._declared(scope) > self._limit:
            await self._refuse(scope, receive, send)
            return
        seen, answered = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _TooLarge(self._limit)
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if not answered:
                await self._refuse(scope, receive, send)

    def _declared(self, scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(
            413,
            "body_too_large",
            "The request is too large",
            _rule(self._limit),
            headers={"Connection": "close"},
        )
        await answer(scope, receive, send)


class _TooLarge(HTTPException):
    # an HTTPException, because FastAPI makes any other error while reading a body a 400

    def __init__(self, limit: int) -> None:
        super().__init__(413, _rule(limit))


def _rule(limit: int) -> str:
    return f"a body holds at most {limit // (1024 * 1024)} MiB; split the file"
