"""Every operation of every service, tried by a fuzzer that reads the description and believes it.

`make fuzz-api EXAMPLES=200` looks longer; a failure prints the request that repeats it.
"""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn

from cleanclaim.chassis.app import AUDIENCE, create_app
from cleanclaim.chassis.auth import KeySource, TokenVerifier
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.devstack.stack import Stack
from cleanclaim.events.examples import example_of

from .routes import EVERYTHING, FILLERS, SERVICES, example_body, parts_of, routes_of
from .world import LISTS

EXAMPLES = os.environ.get("CLEANCLAIM_FUZZ_EXAMPLES", "2")
SEED = os.environ.get("CLEANCLAIM_FUZZ_SEED", "")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("fuzzing.py")
REPORT = "report.txt"
THOROUGH = os.environ.get("CLEANCLAIM_FUZZ_ALL", "") == "1"
PHASES = "examples,coverage,fuzzing" + (",stateful" if THOROUGH else "")
MAKES = {
    ("POST", path)
    for path in (
        "/v1/organizations",
        "/v1/providers",
        "/v1/connections",
        "/v1/payers",
        "/v1/bank-accounts",
        "/v1/patients",
    )
}
OPERATORS = "^/v1/platform/"
OF_THE_CHASSIS = "^/v1/(work-items|events|platform/)"
"""Every service has these from one and the same code, so one service's are tried."""
FULLY_TRIED = "accounts"


class _Server(uvicorn.Server):
    """One that leaves the test run's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_keeps_to_its_description_whatever_it_is_asked(
    stack, admin_url, service, tmp_path
):
    """All checks: no crash, no answer that is not described, nothing taken that is wrong."""
    async with service_under_test(parts_of(service), admin_url=admin_url) as room:
        whose = await _heard_everything(room)
        token = stack.token(organization_id=whose, scope=EVERYTHING)
        async with _served(room, stack, tmp_path) as url:
            await _follow_the_examples(service, url, stack, whose)
            _configure(tmp_path, await _names(service, url, token))
            tried_elsewhere = OPERATORS if service == FULLY_TRIED else OF_THE_CHASSIS
            status = await _fuzzed(url, token, tmp_path, "--exclude-path-regex", tried_elsewhere)
    assert status == 0, _told(tmp_path)


async def test_operators_doors_keep_to_their_description_too(stack, admin_url, tmp_path):
    """The same with a token of no organization, which alone opens them."""
    async with service_under_test(parts_of(FULLY_TRIED), admin_url=admin_url) as room:
        await _heard_everything(room)
        token = stack.token(scope=EVERYTHING)
        async with _served(room, stack, tmp_path) as url:
            _configure(tmp_path, {})
            status = await _fuzzed(url, token, tmp_path, "--include-path-regex", OPERATORS)
    assert status == 0, _told(tmp_path)


async def _heard_everything(room: ServiceUnderTest) -> str:
    """Deliver the catalogue's examples, so that there is something to ask for; whose they are."""
    whose = ""
    for subscription in room.parts.subscriptions:
        if subscription.fetch is None:
            example = example_of(subscription.model)
            organization_id = example.envelope.organization_id
            await room.deliver(example.fact, organization_id=organization_id)
            whose = str(organization_id)
    return whose


async def _follow_the_examples(service: str, url: str, stack: Stack, whose: str) -> None:
    """Make what the descriptions' examples make, so that there is more to ask for."""
    operators, ours = (
        stack.token(scope=EVERYTHING),
        stack.token(organization_id=whose, scope=EVERYTHING),
    )
    async with httpx.AsyncClient(base_url=url) as asks:
        for route in routes_of(service):
            body = example_body(route)
            if (route.method, route.path) not in MAKES or body is None:
                continue
            content = {name: value for name, value in body[1].items() if name != "connection_id"}
            token = ours
            if route.path == "/v1/organizations":
                token, content = operators, content | {"organization_id": whose}
            headers = {"Authorization": f"Bearer {token}"}
            answer = await asks.post(route.path, json=content, headers=headers)
            assert answer.status_code == 201, (str(route), answer.text)


@asynccontextmanager
async def _served(room: ServiceUnderTest, stack: Stack, folder: Path) -> AsyncIterator[str]:
    """The room's application behind a real socket and the real verifier of tokens."""
    clock = SystemRuntime()
    app = create_app(room.parts, None)
    places = {"mailbox_root": folder, "kafka_bootstrap_servers": stack.kafka_bootstrap}
    settings = room.context.settings.model_copy(update=places)
    app.state.context = replace(room.context, settings=settings)
    app.state.verifier = TokenVerifier(
        KeySource(stack.places.trusted_keys, clock),
        audience=AUDIENCE,
        runtime=clock,
        development=True,
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


async def _names(service: str, url: str, token: str) -> dict[str, str]:
    """What a path's parameters are filled with, as far as there is something to name."""
    known = dict(FILLERS)
    async with httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}
    ) as asks:
        for (where, name), (path, key) in LISTS.items():
            if where == service:
                items = (await asks.get(path)).json()["items"]
                if items:
                    known[name] = items[0][key]
    return known


def _configure(folder: Path, names: dict[str, str]) -> None:
    lines = "".join(f'"path.{name}" = "{value}"\n' for name, value in names.items())
    settings = f"{CONFIGURATION.read_text()}\n[parameters]\n{lines}"
    (folder / CONFIGURATION.name).write_text(settings)


async def _fuzzed(url: str, token: str, folder: Path, *chosen: str) -> int:
    program = Path(sys.executable).with_name("schemathesis")
    command = [str(program), "--config-file", CONFIGURATION.name]
    command += ["run", f"{url}/openapi.json", "--header", f"Authorization: Bearer {token}"]
    command += ["--phases", PHASES, "--max-examples", EXAMPLES, "--no-color", *chosen]
    command += ["--seed", SEED] if SEED else ["--generation-deterministic"]
    command += ["--continue-on-failure", "--warnings", "off"]
    with (folder / REPORT).open("wb") as output:
        fuzzer = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS)},
            stdout=output,
            stderr=output,
        )
        return await fuzzer.wait()


def _told(folder: Path) -> str:
    """What the fuzzer found, without its progress."""
    report = (folder / REPORT).read_text()
    return report[report.find("FAILURES") :] if "FAILURES" in report else report
