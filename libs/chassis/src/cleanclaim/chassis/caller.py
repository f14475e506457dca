"""How a route looks and changes: the caller's organization, one transaction, one answer per key."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy import select, text

from cleanclaim.chassis.auth import Principal, authorize
from cleanclaim.chassis.context import ServiceContext
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.errors import Replayed
from cleanclaim.chassis.fields import refuse_unstorable_text
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.vault import Place
from cleanclaim.chassis.work import NO_ORGANIZATION, Work
from cleanclaim.values.errors import Invalid, Unavailable

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEY_PATTERN = rf"^[ -~]{{1,{LONGEST_KEY}}}$"
_KEY = re.compile(KEY_PATTERN)


class IdempotencyKeyReused(Invalid):
    """The key was used for another request; a new request needs a new key."""


class IdempotencyKeyInvalid(Invalid):
    """The key is empty or too long."""


class RequestInFlight(Unavailable):
    """The first request with this key has not been answered yet."""


class Change:
    """One changing request: its work, and the answer that is kept under its idempotency key."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.status = 200
        self.content = b"null"
        self.headers: dict[str, str] = {}

    def answer(
        self, status: int, body: BaseModel | Any, *, headers: Mapping[str, str] | None = None
    ) -> None:
        """Say what the caller gets once the transaction has committed."""
        self.status = status
        self.headers = dict(headers or {})
        if isinstance(body, BaseModel):
            self.content = body.model_dump_json().encode()
        else:
            self.content = json.dumps(body, separators=(",", ":")).encode()

    def refuse(self, refusal: Response, *, headers: Mapping[str, str] | None = None) -> None:
        """Answer with a problem and keep what was done, since nothing is raised."""
        self.status = refusal.status_code
        self.content = bytes(refusal.body)
        # the kind of content is kept with the answer, so that a replay announces it too
        self.headers = dict(headers or {}) | {"Content-Type": refusal.headers["Content-Type"]}

    @property
    def response(self) -> Response:
        return Response(self.content, self.status, self.headers, media_type="application/json")


class Caller:
    """Who asks, for which organization, in which request."""

    def __init__(self, request: Request, principal: Principal) -> None:
        self.request = request
        self.principal = principal
        self.context: ServiceContext = request.app.state.context
        self.organization_id: UUID = principal.organization_id or NO_ORGANIZATION

    @property
    def request_id(self) -> str | None:
        return getattr(self.request.state, "request_id", None)

    @asynccontextmanager
    async def change(self, *, organization_id: UUID | None = None) -> AsyncIterator[Change]:
        """One transaction in which the request changes things, once per Idempotency-Key.

        Raises:
            Replayed: the key has its answer; it is sent again.
            IdempotencyKeyReused: the key belongs to another request.
            RequestInFlight: the first request with this key is still running.
        """
        organization = organization_id or self.organization_id
        key = self._key()
        async with self.context.workroom.work(
            organization, principal=self.principal, request_id=self.request_id
        ) as work:
            digest = await self._digest()
            if key is not None:
                await self._once(work, key, digest)
            change = Change(work)
            yield change
            if key is not None:
                await self._keep(work, key, digest, change)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """One transaction in which the request reads; its audit rows are written with it."""
        async with self.context.workroom.work(
            self.organization_id, principal=self.principal, request_id=self.request_id
        ) as work:
            yield work

    def new_id(self, purpose: str) -> UUID:
        """The id of what the request makes; under one Idempotency-Key the same each time.

        A request that makes an organization is kept with the organization, so that only an id
        which repeats finds the answer again.
        """
        key = self._key()
        if key is None:
            return self.context.runtime.new_id()
        who = f"{self.principal.client_id}:{self.principal.subject}"
        return derived_id(NO_ORGANIZATION, f"{purpose}:{who}:{key}")

    def _key(self) -> str | None:
        key = self.request.headers.get(KEY_HEADER)
        if key is not None and not _KEY.fullmatch(key):
            raise IdempotencyKeyInvalid(
                f"{KEY_HEADER} has 1 to {LONGEST_KEY} printable ASCII characters",
                pointer=f"/{KEY_HEADER}",
                fix="send a UUID",
            )
        return key

    async def _digest(self) -> bytes:
        request = self.request
        head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
        return hashlib.sha256(head + await request.body()).digest()

    async def _once(self, work: Work, key: str, digest: bytes) -> None:
        taken = await work.connection.scalar(
            text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))"),
            {"key": f"{work.organization_id}:{key}"},
        )
        if not taken:
            raise RequestInFlight(
                "the first request with this Idempotency-Key is still running",
                code="request_in_flight",
                retry_after_seconds=1,
            )
        table = work.schema_tables.idempotency_keys
        found = await work.connection.execute(
            select(table).where(table.c.organization_id == work.organization_id, table.c.key == key)
        )
        row = found.mappings().first()
        if row is None:
            return
        if bytes(row["request_hash"]) != digest:
            raise IdempotencyKeyReused(
                "this Idempotency-Key was used for another request",
                fix="send a new key with a new request",
            )
        body = await self.context.vault.open(work, _place(key), bytes(row["body"]))
        headers = dict(row["headers"]) | {"Idempotency-Replayed": "true"}
        raise Replayed(Response(body, row["status_code"], headers, media_type="application/json"))

    async def _keep(self, work: Work, key: str, digest: bytes, change: Change) -> None:
        sealed = await self.context.vault.seal(work, _place(key), change.content)
        row = {
            "organization_id": work.organization_id,
            "key": key,
            "request_hash": digest,
            "status_code": change.status,
            "headers": change.headers,
            "body": sealed,
            "created_at": work.now,
        }
        await insert_rows(work.connection, work.schema_tables.idempotency_keys, [row])


def _place(key: str) -> Place:
    return Place(table="idempotency_keys", column="body", row_id=uuid5(NO_ORGANIZATION, key))


def calls(scope: str, *, organization: bool = True) -> Callable[..., Any]:
    """The dependency of a route: a Caller whose token allows `scope`.

    `organization=False` admits tokens that name no organization (operators).
    """
    door = authorize(scope, organization=organization)

    async def caller(request: Request, principal: Annotated[Principal, Depends(door)]) -> Caller:
        await refuse_unstorable_text(request)
        return Caller(request, principal)

    return caller


def answer(
    body: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer made from a model by its own serializer, once."""
    return Response(
        body.model_dump_json(), status, dict(headers or {}), media_type="application/json"
    )


def listing(items: list[BaseModel], next_page_token: str | None) -> JSONResponse:
    """A page of a list."""
    return JSONResponse(
        {
            "items": [item.model_dump(mode="json") for item in items],
            "next_page_token": next_page_token,
        }
    )
