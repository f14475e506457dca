"""The problems that the routes of intake may answer with (RFC 9457), and the rule of If-Match."""

import json
import re
from typing import Annotated
from uuid import UUID

from fastapi import Header
from fastapi.responses import JSONResponse, Response

from cleanclaim.chassis.errors import problem
from cleanclaim.chassis.problems import PROBLEM, Responses, problems, said
from cleanclaim.intake.domain.patient import VersionOvertaken
from cleanclaim.values.errors import DomainError, Invalid

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=100, description="The ETag of the version you have read."),
]
_ETAG = re.compile(r'"([1-9][0-9]{0,8})"')


class IfMatchNeeded(Invalid):
    """A change without the version it was made for would overwrite what others did."""


LISTS: Responses = problems(422)
READS: Responses = problems(404, 422)
CREATES: Responses = problems(422) | {
    409: said("This source and external id were received before; `existing_id` names it."),
}
CHANGES: Responses = READS | {
    409: said("Its state does not allow the change any more."),
    412: said("Somebody changed it after you read it: read again, then change that version."),
}
MOVES: Responses = READS | {409: said("Its state does not allow the move.")}


def etag(version: int) -> dict[str, str]:
    """The header by which a later change names the version it was made for."""
    return {"ETag": f'"{version}"'}


def version_named(if_match: str | None) -> int:
    """The version of an If-Match header. Raises IfMatchNeeded."""
    found = _ETAG.fullmatch(if_match or "")
    if found is None:
        raise IfMatchNeeded(
            "If-Match does not name one version.",
            pointer="/If-Match",
            fix='Send the ETag of the version you have read, for example "1" with its quotes.',
        )
    return int(found[1])


def overtaken(error: VersionOvertaken) -> Response:
    """412: the version that the change was made for no longer stands."""
    return problem(
        412, error.code, "It was changed meanwhile", error.message, errors=error.findings()
    )


def there_already(error: DomainError, existing_id: UUID) -> Response:
    """409 that names what the source and external id became."""
    title = "The request comes too late or twice"
    made = problem(409, error.code, title, error.message, errors=error.findings())
    body = json.loads(bytes(made.body)) | {"existing_id": str(existing_id)}
    return JSONResponse(body, 409, media_type=PROBLEM)
