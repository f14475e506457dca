"""Who passes the operators' doors, what they may be refused with, and how long work answers."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from cleanclaim.chassis.auth import Principal, authorize
from cleanclaim.chassis.context import ServiceContext, ServiceParts
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.operations.shapes import Progress
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.problems import Responses, said
from cleanclaim.values.errors import DomainError, Forbidden

READ, WRITE = "cleanclaim/platform.read", "cleanclaim/platform.write"
LINES = "application/x-ndjson"

log = logger(__name__)


class OrganizationNamed(Forbidden):
    """An operator acts for no organization, so the token must name none."""


class Operator:
    """Who operates, and the running service that is operated."""

    def __init__(self, request: Request, principal: Principal) -> None:
        if principal.organization_id is not None:
            raise OrganizationNamed(
                "An operator's token names no organization.",
                fix="Ask for a token without the claim organization_id.",
            )
        self.principal = principal
        self.context: ServiceContext = request.app.state.context
        self.parts: ServiceParts = request.app.state.parts

    @property
    def servers(self) -> str:
        return self.context.settings.kafka_bootstrap_servers

    @property
    def topics(self) -> list[str]:
        """The topics that this service hears."""
        return sorted({one.entry.topic for one in self.parts.subscriptions})


def _reader(
    request: Request, principal: Annotated[Principal, Depends(authorize(READ, organization=False))]
) -> Operator:
    return Operator(request, principal)


def _writer(
    request: Request, principal: Annotated[Principal, Depends(authorize(WRITE, organization=False))]
) -> Operator:
    return Operator(request, principal)


MayLook = Annotated[Operator, Depends(_reader)]
MayAct = Annotated[Operator, Depends(_writer)]


LOOKS: Responses = {
    401: said("No token, or one that is not trusted."),
    403: said("The token lacks the scope, or names an organization."),
    422: said("A field or parameter breaks a rule; `errors` points at it."),
    503: said("The database or the broker does not answer, or there is no reporter connection."),
}
FINDS: Responses = LOOKS | {404: said("There is no such thing in this service.")}
ACTS: Responses = FINDS | {
    400: said("The body is not well-formed JSON."),
    409: said("It cannot be done as things stand; `fix` says what must be so first."),
    413: said("The body is too large."),
}
STREAMS: Responses = ACTS | {
    200: {"model": Progress, "description": "One line of JSON a step, while it goes on.",
          "content": {LINES: {}}},
}  # fmt: skip


async def told_as_it_goes(steps: AsyncIterator[Progress]) -> StreamingResponse:
    """Answer long work line by line; what fails before its first step is a problem as usual.

    A caller who leaves cancels the work: the answer's life is the work's.
    """
    first = await anext(steps, None)
    return StreamingResponse(_lines(first, steps), media_type=LINES)


async def _lines(
    first: Progress | None, steps: AsyncIterator[Progress]
) -> AsyncGenerator[str, None]:
    last = first or Progress(status="running", done=0, total=0)
    yield _line(last)
    try:
        async for last in steps:
            yield _line(last)
    except DomainError as error:
        detail = error.message
        yield _line(last.model_copy(update=_failed(error.code, detail)))
    except Exception as error:  # noqa: BLE001 - the answer has begun; its last line says so
        if is_infrastructure(error):
            detail = "a database or broker that this needs does not answer; try again"
            yield _line(last.model_copy(update=_failed("dependency_unavailable", detail)))
            return
        log.failure("operation_failed", error)
        detail = f"this failed for a reason of ours ({type(error).__name__}); it is logged"
        yield _line(last.model_copy(update=_failed("internal_error", detail)))
    else:
        yield _line(last.model_copy(update={"status": "done"}))


def _failed(code: str, detail: str) -> dict[str, str]:
    return {"status": "failed", "code": code, "detail": detail}


def _line(progress: Progress) -> str:
    return progress.model_dump_json(exclude_none=True) + "\n"
