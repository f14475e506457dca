"""One server span and one set of counts a request, named by route template, never by path."""

from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

from opentelemetry.trace import Span, SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cleanclaim.chassis import logs  # by module: it counts in `metrics`, so the two meet here
from cleanclaim.chassis.telemetry import metrics
from cleanclaim.chassis.telemetry.names import Attribute
from cleanclaim.chassis.telemetry.tracing import fail, span

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/healthz", "/metrics")
_SERVER_ERROR = 500
UNMATCHED = "unmatched"


class ObservedRequests:
    """The outermost layer of an application: span, rate, errors, duration and one log line.

    A path or query string may hold anything, so only the template of the route is ever told.
    """

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self._app = app
        self._service = service
        self._log = logs.logger(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_QUIET):
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        answered = {"status": _SERVER_ERROR}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            await send(message)

        started = perf_counter()
        with span(
            method,
            {Attribute.METHOD: method},
            traceparent=_header(scope, b"traceparent") or "",
            kind=SpanKind.SERVER,
        ) as server:
            try:
                await self._app(scope, receive, sending)
            finally:
                seconds = perf_counter() - started
                self._tell(scope, server, method, answered["status"], seconds)

    def _tell(self, scope: Scope, server: Span, method: str, status: int, seconds: float) -> None:
        route = route_template(scope)
        request_id = _state_of(scope).get("request_id")
        server.update_name(f"{method} {route}")
        server.set_attribute(Attribute.ROUTE.value, route)
        server.set_attribute(Attribute.STATUS.value, status)
        if isinstance(request_id, str):
            server.set_attribute(Attribute.REQUEST_ID.value, request_id)
        if status >= _SERVER_ERROR:
            fail(server, str(status))
        metrics.http_requests.labels(self._service, method, route, str(status)).inc()
        metrics.http_request_seconds.labels(self._service, method, route).observe(seconds)
        self._log.event(
            "request_served",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000),
            request_id=request_id if isinstance(request_id, str) else None,
        )


def route_template(scope: Scope) -> str:
    """The route's template with its routers' prefixes, or `unmatched`."""
    # FastAPI keeps the prefixes of included routers in a context beside the route.
    context = scope.get("fastapi", {}).get("effective_route_context")
    for found in (context, scope.get("route")):
        template = getattr(found, "path_format", None) or getattr(found, "path", None)
        if isinstance(template, str) and template:
            return template
    return UNMATCHED


def _header(scope: Scope, name: bytes) -> str | None:
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _state_of(scope: Scope) -> MutableMapping[str, Any]:
    state = scope.get("state", {})
    return state if isinstance(state, MutableMapping) else {}
