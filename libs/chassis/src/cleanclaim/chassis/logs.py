"""JSON logs in which only fields of an allow-list appear, and no text of a stranger's error."""

import contextlib
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

from opentelemetry import trace

from cleanclaim.chassis.telemetry import metrics
from cleanclaim.values.errors import DomainError

# What may be logged. Every one is an id of ours, a name that code chose, a count or a time; a
# field that could hold what a person or a file said does not belong here.
ALLOWED_FIELDS = frozenset(
    {
        # what happened, and to what
        "action", "attempt", "attempts", "code", "count", "direction", "duplicates", "error_type",
        "event_id", "event_type", "fail_point", "file_id", "file_kind", "job", "key", "kind",
        "milliseconds", "outcome", "parked", "reason_code", "resource", "resource_id", "role",
        "roles",
        "seconds", "size", "skipped", "state", "version",
        # where
        "address", "bucket", "buckets", "connection", "group", "host", "method", "migration",
        "offset", "partition", "partitions", "partner", "port", "route", "schema", "scope",
        "setting", "status", "table", "topic", "worker",
        # for whom and in which story (ids of ours; an organization is no person)
        "causation_id", "claim_id", "client_id", "correlation_id", "denial_id", "encounter_id",
        "organization_id", "principal", "remittance_id", "request_id", "submission_id",
        "work_item_id",
    }
)  # fmt: skip
LONGEST_TEXT = 200
_FRAMES = 25
_PACKAGES = Path(__file__).parents[2]

# The last net. Nothing should reach it; what it catches is counted as a defect.
_SUSPICIOUS = re.compile(
    r"\b\d{3}-\d{2}-\d{4}\b"  # social security number
    r"|\b[\w.+-]+@[\w-]+\.\w{2,}\b"  # electronic mail
    r"|\(?\b\d{3}\)?[ .-]\d{3}[.-]\d{4}\b"  # telephone
    r"|\b(?:NM1|N3|N4|DMG|SBR|CLP|CLM|REF|PER)[*|^~]\S*"  # a segment of X12
    r"|\b(?:PID|IN1|GT1|NK1)\|\S*"  # a segment of HL7
    r"|\bKey \(.*?\)=\(.*?\)"  # PostgreSQL's detail of a violated key
    r"|\beyJ[\w-]+\.[\w-]*\.?[\w-]*"  # a token
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # a password in an address
)


class UnknownField(ValueError):  # noqa: N818 - says what is wrong
    """Code logs a field that the allow-list does not name; raised only where `strict` is set."""


class _Settings:
    service = "unknown"
    strict = False


def configure(
    service: str, *, level: str = "INFO", strict: bool = False, stream: TextIO | None = None
) -> None:
    """Send every logger of this process, ours and the libraries', to one stream as JSON lines.

    The stream is stderr unless given. `strict` makes an unknown field raise UnknownField; tests
    set it.
    """
    _Settings.service = service
    _Settings.strict = strict
    lines = _Lines(stream or sys.stderr)
    lines.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [lines]
    root.setLevel(logging.WARNING)
    logging.getLogger("cleanclaim").setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers[:] = []
        library.propagate = True
        library.setLevel(logging.INFO)
    # its lines hold paths and query strings; the middleware tells of requests instead
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)


def be_strict(*, strict: bool = True) -> None:
    """Make unknown fields raise, without touching where logs go."""
    _Settings.strict = strict


class Log:
    """A module's log: an event's name and allowed fields, never a sentence."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def event(self, name: str, /, **fields: object) -> None:
        self._write(logging.INFO, name, fields)

    def warning(self, name: str, /, **fields: object) -> None:
        self._write(logging.WARNING, name, fields)

    def failure(self, name: str, error: BaseException, /, **fields: object) -> None:
        """An error with its type and frames; its text only where it is one of our own."""
        self._write(logging.ERROR, name, fields, error)

    def _write(
        self,
        level: int,
        name: str,
        fields: Mapping[str, object],
        error: BaseException | None = None,
    ) -> None:
        unknown = sorted(fields.keys() - ALLOWED_FIELDS)
        if unknown:
            metrics.log_fields_dropped.labels(_Settings.service).inc(len(unknown))
            if _Settings.strict:
                raise UnknownField(f"{', '.join(unknown)}: not in the allow-list of the logs")
        if self._logger.isEnabledFor(level):
            kept = {key: value for key, value in fields.items() if key not in unknown}
            extra = {"cleanclaim_event": name, "cleanclaim_fields": kept}
            self._logger.log(level, name, extra=extra, exc_info=error)


def logger(name: str) -> Log:
    return Log(name)


class _Lines(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's
        """Logging's own answer would print the record's arguments; this names its place only."""
        failure = type(sys.exception()).__name__
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f'{{"level":"error","event":"log_failed","error":"{failure}"}}\n')


class JsonFormatter(logging.Formatter):
    """One line of JSON. A library's record gives its template only: its arguments may be values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": _Settings.service,
            "logger": record.name,
            "event": getattr(record, "cleanclaim_event", None) or _template(record),
        }
        line |= _trace_ids()
        fields = getattr(record, "cleanclaim_fields", {})
        line |= {key: loggable(value) for key, value in fields.items() if value is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, separators=(",", ":"))


def _template(record: logging.LogRecord) -> str:
    text = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if record.name.startswith("asyncio"):
        # asyncio pastes the repr of tasks and exceptions into its message
        text = re.split(r"[<('\"\n]", text, maxsplit=1)[0].strip()
    return redacted(text.split("\n", 1)[0])


def _trace_ids() -> dict[str, str]:
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


def loggable(value: object) -> object:
    """Numbers as they are, ids, times and texts as text, lists of these; all else as its type."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):  # a StrEnum too
        return redacted(str(value))
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [loggable(one) for one in list(value)[:20]]
    return f"<{type(value).__name__}>"


def redacted(text: str) -> str:
    """The text, cut to 200 characters, with what looks like PHI or a secret taken out."""
    cut = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
    cleaned, found = _SUSPICIOUS.subn("[redacted]", cut)
    if found:
        metrics.log_texts_redacted.labels(_Settings.service).inc(found)
    return cleaned


def describe(error: BaseException) -> list[dict[str, object]]:
    """The error and what caused it: types, codes and frames; no text that may hold a value."""
    return [_described(one) for one in _chain(error)]


def _described(error: BaseException) -> dict[str, object]:
    told: dict[str, object] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, DomainError):
        # our own sentences name no values, by the rule of `values.errors`
        told |= {"code": error.code, "message": redacted(error.message)}
    for name in ("sqlstate", "constraint_name", "table_name", "errno"):
        found = getattr(error, name, None)
        if isinstance(found, str | int):
            told[name] = loggable(found)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    told["frames"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return told


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < _FRAMES:
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            current = current.exceptions[0]
        else:
            hidden = current.__suppress_context__
            current = current.__cause__ or (None if hidden else current.__context__)


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_PACKAGES):
        return str(path.relative_to(_PACKAGES))
    return "/".join(path.parts[-3:])
