"""Whatever goes wrong, a command ends with a sentence and a code, never with a stack trace."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cleanclaim.ops.doors import SERVICES
from cleanclaim.ops.main import main

COMMAND = "from cleanclaim.ops.main import main; import sys; sys.exit(main())"
QUIET = {"partitions": [], "items": [], "next_page_token": None, "projections": [],
         "pending": 0, "oldest_seconds": 0, "buckets": 0, "oldest_at": None}  # fmt: skip


class Door(ThreadingHTTPServer):
    """A server at a service's address that answers every question alike."""

    daemon_threads = True

    def __init__(self, status: int, body: str) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def door() -> Iterator:
    opened: list[Door] = []

    def open_one(status: int = 200, body: str = json.dumps(QUIET)) -> str:
        opened.append(Door(status, body))
        return opened[-1].url

    yield open_one
    for one in opened:
        one.shutdown()
        one.server_close()


@pytest.fixture
def ops(door, monkeypatch, capsys):
    """Run a command against six quiet services, of which some are told to be otherwise."""
    monkeypatch.setenv("CLEANCLAIM_TOKEN", "t")
    monkeypatch.delenv("CLEANCLAIM_ORGANIZATION", raising=False)
    quiet = door()

    def run(*words: str, **urls: str) -> tuple[int, str, str]:
        for service in SERVICES:
            monkeypatch.setenv(f"CLEANCLAIM_{service.upper()}_URL", urls.get(service, quiet))
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


NOWHERE = "http://127.0.0.1:9"
BROKEN = json.dumps({"code": "broker_unavailable", "detail": "the broker does not answer"})


@pytest.mark.parametrize("words", [("lag",), ("outbox",), ("parked", "ls"), ("projections",)])
def test_a_service_that_is_away_hides_none_of_the_others(ops, door, words):
    code, out, err = ops(*words, claims=NOWHERE, denials=door(503, BROKEN))

    assert code == 3
    assert "claims does not answer at http://127.0.0.1:9" in err
    assert "denials refused (503 broker_unavailable): the broker does not answer" in err
    assert "in the services that answered" in out or "accounts" in out
    shown = json.loads(ops(*words, "--json", claims=NOWHERE)[1])
    assert {one["service"] for one in shown} in (set(), set(SERVICES) - {"claims"})


def test_what_is_the_askers_to_put_right_is_said_once(ops, door):
    missing = json.dumps({"code": "scope_missing", "detail": "No.", "errors": [
        {"code": "scope_missing", "message": "No.", "fix": "Ask for it."}]})  # fmt: skip

    code, _, err = ops("lag", **dict.fromkeys(SERVICES, door(403, missing)))

    assert (code, err) == (
        1,
        "cleanclaim-ops: intake refused (403 scope_missing): No.\n  Ask for it.\n",
    )


def test_waiting_goes_on_while_a_service_is_away(ops):
    code, _, err = ops("lag", "--wait", "1", claims=NOWHERE)

    assert (code, err.count("claims does not answer")) == (3, 1)


@pytest.mark.parametrize("words", [("lag", "intake"), ("rebuild", "intake", "payers", "--yes")])
@pytest.mark.parametrize("body", ["<html>Welcome</html>", "", "[]", '"yes"'])
def test_another_server_at_the_address_is_named(ops, door, words, body):
    code, _, err = ops(*words, intake=door(200, body))

    assert code in {1, 3}
    assert "is not intake: its answer is none of ours" in err or "broken_off" in err


def test_an_answer_of_another_release_is_named_with_what_it_lacks(ops, door):
    code, _, err = ops("outbox", "intake", intake=door(200, "{}"))

    assert (code, "lacks 'oldest_seconds'" in err) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lag", "nobody"), "is none of intake"),
        (("lag", "--wait", "-5"), "give a whole number from 0 on"),
        (("outbox", "--older-than", "soon"), "give a whole number from 0 on"),
        (("parked", "show", "denials", "0"), "give a whole number from 1 on"),
        (("parked", "retry", "denials"), "name one event's number, or --all"),
        (("parked", "retry", "denials", "1", "--all"), "name one event's number, or --all"),
        (("parked", "skip", "denials", "1"), "--because"),
        (("rewind", "denials", "--to", "yesterday"), "give an instant with a time zone"),
        (("provider", "list", "--organization", "mine"), "give an id like 0198"),
        (("lag", "--token", "ünïcode"), "is no token"),
        (("lag", "--token", "two\nlines"), "is no token"),
        (("lag", "--url", "intake=http://[bad"), "does not answer at http://[bad"),
        (("lag", "--url", "nobody=http://x"), "write SERVICE=https://"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(ops, words, said):
    code, _, err = ops(*words)

    assert said in err
    assert code == (3 if "does not answer" in said else 2)


def test_a_token_command_that_no_shell_could_read_is_wrong_use(ops, monkeypatch):
    monkeypatch.delenv("CLEANCLAIM_TOKEN")
    monkeypatch.setenv("CLEANCLAIM_TOKEN_COMMAND", 'print "unbalanced')

    code, _, err = ops("lag")

    assert (code, "CLEANCLAIM_TOKEN_COMMAND cannot be read: No closing quotation" in err) == (
        2,
        True,
    )


def _in_a_shell(line: str, url: str) -> subprocess.CompletedProcess[str]:
    urls = {f"CLEANCLAIM_{service.upper()}_URL": url for service in SERVICES}
    ops = f"{sys.executable} -c '{COMMAND}'"
    return subprocess.run(
        ["bash", "-c", line.replace("cleanclaim-ops", ops)],
        env=os.environ | urls | {"CLEANCLAIM_TOKEN": "t"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_reader_who_goes_away_and_a_full_disk_are_no_stack_traces(door):
    many = [{"name": f"p{number}", "topics": [], "event_types": []} for number in range(9999)]
    url = door(200, json.dumps(QUIET | {"projections": many}))

    gone = _in_a_shell("cleanclaim-ops projections | head -1; echo ${PIPESTATUS[0]}", url)
    full = _in_a_shell("cleanclaim-ops projections >/dev/full; echo $?", url)

    assert (gone.stdout.splitlines()[-1], gone.stderr) == ("141", "")
    assert full.stdout == "1\n"
    assert full.stderr == (
        "cleanclaim-ops: the answer cannot be written: No space left on device\n"
    )
