"""How one service asks another: bearer token, trace, time limits, tries, and kinds of trouble."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.auth import ServiceSigner
from cleanclaim.chassis.runtime import Runtime
from cleanclaim.chassis.telemetry.names import Attribute, Span
from cleanclaim.values.errors import DomainError, Forbidden, Invalid, Missing, Unavailable

TRIES = 3
FIRST_PAUSE_SECONDS = 0.1
LARGEST_ANSWER_BYTES = 16 * 1024 * 1024
_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=10)
# what may be well a moment later: the last three say so themselves, 500 may be a restart
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
_UNAUTHORIZED = 401
_MOST_WAIT_SECONDS = 60

Query = Mapping[str, str | int]


class ServiceClient:
    """Asks one other service; made once for its address, closed with the process.

    Every question names the organization and the scope it needs, for which a short token is
    signed. Redirects are not followed.
    """

    def __init__(
        self,
        base_url: str,
        signer: ServiceSigner | None,
        runtime: Runtime,
        service: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._signer = signer
        self._runtime = runtime
        self._service = service
        self._partner = urlsplit(base_url).hostname or "unknown"
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            follow_redirects=False,
            transport=transport,
            trust_env=False,  # a proxy of the environment has no business between services
            headers={"Accept": "application/json", "User-Agent": f"cleanclaim-{service}"},
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(
        self, path: str, *, organization_id: UUID | None, scope: str, query: Query | None = None
    ) -> Any:
        """The JSON that the other service answers with; asked up to three times.

        Raises:
            Missing: it knows no such thing (404).
            Forbidden: it does not let us (401, 403).
            Invalid: it refuses the question as it stands (other 4xx).
            Unavailable: no answer, a failure of its own (5xx), or an answer that is no JSON.
        """
        started = self._runtime.monotonic()
        outcome = "ok"
        try:
            with telemetry.span(Span.ASK_PARTNER, {Attribute.PARTNER: self._partner}):
                return await self._get_with_tries(path, organization_id, scope, query)
        except DomainError as error:
            outcome = error.kind
            raise
        finally:
            metrics, seconds = telemetry.metrics, self._runtime.monotonic() - started
            metrics.partner_requests.labels(self._service, self._partner, outcome).inc()
            metrics.partner_seconds.labels(self._service, self._partner).observe(seconds)

    async def _get_with_tries(
        self, path: str, organization_id: UUID | None, scope: str, query: Query | None
    ) -> Any:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._get_once(path, organization_id, scope, query)
            except Unavailable:
                if attempt == TRIES:
                    raise
            # full jitter, so that many askers do not come back together
            longest = FIRST_PAUSE_SECONDS * 2**attempt
            await self._runtime.sleep(longest * self._runtime.random.random())
        raise _unavailable(self._partner, "it was not asked")

    async def _get_once(
        self, path: str, organization_id: UUID | None, scope: str, query: Query | None
    ) -> Any:
        headers = self._headers(organization_id, scope)
        try:
            async with self._client.stream("GET", path, params=query, headers=headers) as answer:
                content = await self._content(answer)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _unavailable(self._partner, type(error).__name__) from None
        if not answer.is_success:
            raise _trouble(self._partner, answer)
        try:
            return json.loads(content)
        except ValueError:
            raise _unavailable(self._partner, "its answer is no JSON") from None

    def _headers(self, organization_id: UUID | None, scope: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        if self._signer is not None:
            token = self._signer.token(organization_id=organization_id, scope=scope)
            headers["Authorization"] = f"Bearer {token}"
        traceparent = telemetry.current_traceparent()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        return headers

    async def _content(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > LARGEST_ANSWER_BYTES:
                raise _unavailable(self._partner, "its answer is larger than 16 MiB")
        return bytes(content)


def _trouble(partner: str, answer: httpx.Response) -> DomainError:
    """The kind of trouble; the other service's own words stay with it, for they may hold values."""
    status = answer.status_code
    if status == httpx.codes.NOT_FOUND:
        return Missing(f"{partner} knows no such thing.", code="partner_missing")
    if status in (_UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Forbidden(
            f"{partner} does not let us ask this ({status}).",
            code="partner_forbidden",
            fix="Check that our public key is among its trusted keys, and the scope.",
        )
    if status in _TRY_AGAIN or not answer.is_client_error:
        return _unavailable(partner, f"it answered {status}", _wait_of(answer))
    return Invalid(f"{partner} refuses the question ({status}).", code="partner_refused")


def _wait_of(answer: httpx.Response) -> int:
    told = answer.headers.get("Retry-After", "")
    return min(int(told), _MOST_WAIT_SECONDS) if told.isdecimal() and told.isascii() else 5


def _unavailable(partner: str, why: str, wait: int = 5) -> Unavailable:
    return Unavailable(
        f"{partner} cannot be asked for now: {why}.",
        code="partner_unavailable",
        retry_after_seconds=max(wait, 1),
    )
