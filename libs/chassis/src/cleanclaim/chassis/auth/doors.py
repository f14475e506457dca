"""What a route declares about who may pass: one scope each, found by the tests that walk them."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import FastAPI, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cleanclaim.chassis.auth.principal import Principal
from cleanclaim.chassis.auth.refusals import Unauthenticated, token_malformed, token_missing
from cleanclaim.chassis.auth.scopes import is_requestable
from cleanclaim.chassis.auth.tokens import TokenVerifier
from cleanclaim.values.errors import Forbidden

# Read for the OpenAPI description only; the header itself is read below, more strictly.
_described = HTTPBearer(auto_error=False, bearerFormat="JWT", scheme_name="bearer")


class Door:
    """A FastAPI dependency: yields the Principal, or raises Unauthenticated or Forbidden."""

    def __init__(self, scope: str, *, organization: bool) -> None:
        if not is_requestable(scope):
            raise ValueError(
                f"{scope!r} is no scope that a route may ask for; "
                "write system/<Resource>.<cruds> or cleanclaim/<verb>"
            )
        self.scope = scope
        self.organization = organization

    async def __call__(
        self,
        request: Request,
        _bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_described)] = None,
    ) -> Principal:
        verifier: TokenVerifier = request.app.state.verifier
        principal = await verifier.verify(_bearer_token(request))
        request.state.principal = principal
        if not principal.allows(self.scope):
            raise Forbidden(
                f"The token lacks the scope {self.scope}.",
                code="scope_missing",
                fix="Ask for a token with this scope.",
            )
        if self.organization and principal.organization_id is None:
            raise Forbidden(
                "The token names no organization.",
                code="organization_missing",
                fix="Ask for a token with the claim organization_id.",
            )
        return principal


def authorize(scope: str, *, organization: bool = True) -> Door:
    """The dependency for one route: `principal: Annotated[Principal, Depends(authorize(…))]`.

    The verifier is the one at `app.state.verifier`.
    """
    return Door(scope, organization=organization)


def scopes_of(app: FastAPI) -> dict[tuple[str, str], str | None]:
    """The scope of every route by (method, path template); None marks an open door.

    Mounted applications and plain Starlette routes have no scope to declare, so they show as
    None too. Two doors on one route show as both scopes parted by a space.
    """
    found: dict[tuple[str, str], str | None] = {}
    for route in iter_route_contexts(app.routes):
        dependant = route.dependant if isinstance(route.original_route, APIRoute) else None
        scopes = sorted({door.scope for door in _doors(dependant)})
        for method in sorted(route.methods or {"*"}):
            found[(method, route.path or "")] = " ".join(scopes) or None
    return found


def _doors(dependant: Dependant | None) -> Iterator[Door]:
    if dependant is None:
        return
    if isinstance(dependant.call, Door):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _doors(inner)


def _bearer_token(request: Request) -> str:
    headers = request.headers.getlist("authorization")
    if not headers:
        raise token_missing()
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise token_missing()
    if len(headers) > 1:
        raise token_malformed()
    return token.strip()


async def unauthenticated_answer(_request: Request, error: Exception) -> JSONResponse:
    """The problem (RFC 9457) for a 401, with its challenge; for `app.add_exception_handler`."""
    if not isinstance(error, Unauthenticated):
        raise error
    finding = {"code": error.code, "pointer": None, "message": error.message, "fix": error.fix}
    return JSONResponse(
        {
            "type": "about:blank",
            "title": "Unauthenticated",
            "status": error.status,
            "detail": error.message,
            "errors": [finding],
        },
        status_code=error.status,
        media_type="application/problem+json",
        headers={"WWW-Authenticate": error.www_authenticate},
    )
