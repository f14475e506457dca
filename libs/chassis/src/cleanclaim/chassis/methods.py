"""Says which methods a path takes, all of them, before any route is tried."""

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from cleanclaim.chassis.errors import problem

_PARAMETER = re.compile(r"\\\{\w+\\\}")


class KnownMethods:
    """ASGI middleware: 405 with a whole Allow header for a known path and another method.

    Left to itself the router names the methods of one route only, and takes `…/{id}:hold` for
    `…/{id}` where the method fits; here a colon parts an id from its verb.
    """

    def __init__(self, app: ASGIApp, *, routes: Iterable[tuple[str, str]]) -> None:
        self._app = app
        methods: dict[str, set[str]] = {}
        for method, template in routes:
            methods.setdefault(template, set()).add(method)
        self._paths = [(_pattern(template), allowed) for template, allowed in methods.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = self._allowed(scope["path"]) if scope["type"] == "http" else None
        if not allowed or scope["method"] in allowed:
            await self._app(scope, receive, send)
            return
        told = ", ".join(sorted(allowed))
        answer = problem(
            405,
            "method_not_allowed",
            "The request cannot be served",
            f"this path takes {told}",
            headers={"Allow": told},
        )
        await answer(scope, receive, send)

    def _allowed(self, path: str) -> set[str] | None:
        return next((allowed for pattern, allowed in self._paths if pattern.fullmatch(path)), None)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub("[^/:]+", re.escape(template)))
