"""No value that a person or a file brought reaches a log, whoever writes the line."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from datetime import date
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError

from cleanclaim.chassis import logs
from cleanclaim.chassis.telemetry import configure, metrics, shut_down, span
from cleanclaim.values.errors import Invalid
from cleanclaim.values.phi import MemberId

CANARY = "Zephyrine-Quill"
CLAIM_ID = UUID("0195f3a0-0000-7000-8000-00000000000c")
log = logs.logger("cleanclaim.tests")


@pytest.fixture
def lines():
    """Configures the logs of this process as a service does; gives what was written since."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("claims", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.be_strict(strict=False)
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(level)
    for name in ("uvicorn.access", "uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).propagate = True


def test_an_event_is_one_line_of_json_with_its_fields(lines):
    log.event("claim_submitted", claim_id=CLAIM_ID, count=3, reason_code=None)
    (line,) = lines()
    assert line.pop("at").startswith("20")
    assert line == {
        "level": "info",
        "service": "claims",
        "logger": "cleanclaim.tests",
        "event": "claim_submitted",
        "claim_id": str(CLAIM_ID),
        "count": 3,
    }


def test_a_field_outside_the_list_is_dropped_and_counted(lines):
    dropped = metrics.log_fields_dropped.labels("claims")
    before = dropped._value.get()
    log.event("patient_seen", patient_name=CANARY, count=1)
    (line,) = lines()
    assert CANARY not in str(line)
    assert line["count"] == 1
    assert dropped._value.get() == before + 1


def test_a_field_outside_the_list_fails_a_test(lines):
    logs.be_strict()
    with pytest.raises(logs.UnknownField, match="patient_name"):
        log.event("patient_seen", patient_name=CANARY)


def test_a_line_carries_the_trace_it_belongs_to(lines):
    configure("claims", traces="memory")
    with span("command") as current:
        log.event("claim_built")
        trace_id = f"{current.get_span_context().trace_id:032x}"
    shut_down()
    assert lines()[0]["trace_id"] == trace_id


class Demographics(BaseModel):
    born_on: date


def a_database_error():
    detail = f"duplicate key\nDETAIL:  Key (member)=({CANARY}) already exists."
    return IntegrityError("INSERT INTO coverages …", {"member": CANARY}, ValueError(detail))


def a_validation_error():
    with pytest.raises(ValidationError) as caught:
        Demographics(born_on=CANARY)
    return caught.value


def a_wrapped_error():
    wrapper = RuntimeError(f"cannot keep {CANARY}")
    wrapper.__cause__ = a_database_error()
    return wrapper


STRANGERS = {
    "database": a_database_error,
    "validation": a_validation_error,
    "key error": lambda: KeyError(CANARY),
    "wrapped": a_wrapped_error,
    "group": lambda: ExceptionGroup(CANARY, [ValueError(CANARY)]),
    "path": lambda: FileNotFoundError(2, "No such file", f"/inbound/{CANARY}.835"),
}


@pytest.mark.parametrize("error", STRANGERS.values(), ids=STRANGERS.keys())
def test_the_text_of_a_strangers_error_is_never_logged(lines, error):
    with pytest.raises(Exception) as caught:
        raise error()
    log.failure("file_failed", caught.value, count=1)
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert line["error"][0]["type"]
    assert any("the_text_of_a_strangers_error" in one for one in line["error"][0]["frames"])


def test_our_own_refusals_keep_their_sentence(lines):
    log.failure("file_refused", Invalid("ISA16 must differ from ISA11.", code="isa_separators"))
    (line,) = lines()
    assert (line["error"][0]["code"], line["error"][0]["message"]) == (
        "isa_separators",
        "ISA16 must differ from ISA11.",
    )


def test_a_librarys_arguments_and_request_lines_stay_out(lines):
    logging.getLogger("aiokafka.consumer").error("Unable to fetch %s", CANARY)
    logging.getLogger("sqlalchemy.engine").warning("INSERT %r", {"member": CANARY})
    logging.getLogger("uvicorn.access").info('GET "/v1/patients?name=%s"', CANARY)
    logging.getLogger("uvicorn.error").error(
        "Exception in ASGI application", exc_info=KeyError(CANARY)
    )
    written = lines()
    assert CANARY not in json.dumps(written)
    assert [line["event"] for line in written] == [
        "Unable to fetch %s",
        "INSERT %r",
        "Exception in ASGI application",
    ]


async def test_a_forgotten_tasks_error_keeps_its_text_to_itself(lines):
    loop = asyncio.get_running_loop()
    loop.call_exception_handler(
        {
            "message": "Task exception was never retrieved",
            "future": loop.create_future(),
            "exception": KeyError(CANARY),
        }
    )
    loop.call_exception_handler({"message": f"Exception in callback f('{CANARY}')"})
    written = lines()
    assert CANARY not in json.dumps(written)
    assert written[0]["event"] == "Task exception was never retrieved"


PHI_SHAPES = [
    "social 123-45-6789 end",
    "mail jane.roe@example.org end",
    "call (555) 555-0134 end",
    "NM1*IL*1*ROE*JANE~ end",
    "PID|1||4711^^^MERCY||ROE^JANE end",
    "Key (member_id)=(W123) end",
    "eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJ4In0.c2ln end",
    "postgresql://claims_app:s3cret@db/cleanclaim end",
]


@pytest.mark.parametrize("text", PHI_SHAPES)
def test_what_looks_like_phi_or_a_secret_is_caught_by_the_last_net(text):
    caught = logs.redacted(text)
    assert "[redacted]" in caught
    assert not {"123-45-6789", "jane.roe@example.org", "0134", "JANE", "W123", "s3cret"} & set(
        caught.replace("^", " ").replace("*", " ").split()
    )


@pytest.mark.parametrize(
    "text", ["claims_submitted", str(CLAIM_ID), "2026-03-02", "12345.67", "cleanclaim.claims"]
)
def test_ordinary_words_pass_the_last_net(text):
    assert logs.redacted(text) == text


def test_protected_types_and_long_texts_show_nothing_of_themselves(lines):
    log.event("seen", state=MemberId(CANARY), reason_code="x" * 500, code={"name": CANARY})
    (line,) = lines()
    assert line["state"] == "<MemberId>"
    assert line["code"] == "<dict>"
    assert len(line["reason_code"]) == 201


def test_a_line_that_cannot_be_written_says_so_without_its_arguments(lines):
    logging.getLogger("cleanclaim.tests").warning(CANARY, extra={"cleanclaim_fields": CANARY})
    (line,) = lines()
    assert line == {"level": "error", "event": "log_failed", "error": "AttributeError"}


def test_a_process_logs_to_stderr_and_leaves_stdout_to_its_command():
    program = "from cleanclaim.chassis import logs; logs.configure('a'); logs.Log('cleanclaim').event('b')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, json.loads(done.stderr)["event"]) == (b"", "b")
