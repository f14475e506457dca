"""The services are migrated, started with their settings, watched, and stopped."""

import datetime as dt
import json
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.services import role_url
from cleanclaim.devstack.stack import Stack

TWO = ["intake", "claims"]
WINTER = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def told_to(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/environment", timeout=5) as answer:
        return json.load(answer)


def parts(stack):
    return {part.name: part for part in stack.status()}


@pytest.mark.parametrize(
    "database_url",
    [
        "postgresql://postgres:secret@127.0.0.1:5432/cleanclaim",
        "postgresql+asyncpg://127.0.0.1:5432/cleanclaim",
    ],
)
def test_a_role_reaches_the_same_database_by_its_own_name(database_url):
    url = role_url(database_url, role="cleanclaim_intake_app", password="a/b")
    assert url == "postgresql://cleanclaim_intake_app:a%2Fb@127.0.0.1:5432/cleanclaim"


def test_services_run_with_the_settings_of_their_own(services_on, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    stack = services_on(tmp_path / "stack")
    assert stack.up(services=TWO, virtual_now=WINTER)
    found = parts(stack)
    assert {name: part.state for name, part in found.items()} == {
        "intake:api": "running",
        "intake:worker": "running",
        "claims:api": "running",
        "claims:worker": "running",
    }
    told = told_to(found["intake:worker"].port)
    assert told["CLEANCLAIM_INTAKE_WORKER_NAME"] == "intake-worker-0"
    assert told["KAFKA_BOOTSTRAP_SERVERS"] == stack.kafka_bootstrap
    assert "cleanclaim_intake_app:" in told["CLEANCLAIM_INTAKE_DATABASE_URL"]
    assert "cleanclaim_intake_relay:" in told["CLEANCLAIM_INTAKE_DATABASE_DIRECT_URL"]
    assert not any("MIGRATION_URL" in key or key.endswith("_PASSWORD") for key in told)
    assert told["CLEANCLAIM_CLAIMS_URL"] == f"http://127.0.0.1:{found['claims:api'].port}"
    assert not any(
        key.startswith("CLEANCLAIM_CLAIMS_") and key != "CLEANCLAIM_CLAIMS_URL" for key in told
    )
    assert "DATABASE_URL" not in told
    assert "PYTHONDONTWRITEBYTECODE" not in told
    for name in (
        "CLEANCLAIM_TRUSTED_KEYS",
        "CLEANCLAIM_VAULT_KEY",
        "CLEANCLAIM_INTAKE_SIGNING_KEY",
    ):
        assert Path(told[name]).exists()
    seconds = int(told["CLEANCLAIM_CLOCK_OFFSET_SECONDS"])
    assert (
        abs(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds) - WINTER).total_seconds() < 60
    )
    assert stack.up(services=TWO) is False
    assert len(stack.down()) == len(found)
    assert stack.status() == []


def test_a_killed_worker_is_seen_and_restarted_with_its_name(services_on, tmp_path):
    stack = services_on(tmp_path / "stack")
    stack.up(services=["intake"])
    first = parts(stack)["intake:worker"]
    stack.signal("intake:worker", signal.SIGKILL)
    deadline = time.monotonic() + 5
    while parts(stack)["intake:worker"].state != "crashed":
        assert time.monotonic() < deadline
    assert parts(stack)["intake:api"].state == "running"
    assert stack.fallen() == ["intake:worker"]
    assert stack.restart("intake:worker") == ["intake:worker"]
    assert stack.fallen() == []
    second = parts(stack)["intake:worker"]
    assert (second.state, second.port) == ("running", first.port)
    assert second.pid != first.pid


@pytest.mark.parametrize(
    ("failing", "message"),
    [
        pytest.param("claims:migrate", "claims: migrate failed", id="a migration"),
        pytest.param("claims:api", "claims:api stopped while starting", id="an API"),
        pytest.param("claims:worker", "claims:worker stopped while starting", id="a worker"),
    ],
)
def test_a_service_that_does_not_start_is_said_with_its_last_words(
    services_on, tmp_path, monkeypatch, failing, message
):
    monkeypatch.setenv("TOY_FAILS", failing)
    stack = services_on(tmp_path / "stack")
    with pytest.raises(StackError, match=message) as trouble:
        stack.up(services=["claims"])
    assert f"{failing} was told to fail" in str(trouble.value)


def test_parts_are_given_variables_of_their_own_until_their_next_start(services_on, tmp_path):
    stack = services_on(tmp_path / "stack")
    stack.up(services=TWO)
    both = ["intake:worker", "claims:worker"]
    assert stack.restart(*both, extra={"intake:worker": {"CLEANCLAIM_TOY": "1"}}) == both
    told = {name: told_to(parts(stack)[name].port) for name in both}
    assert ["CLEANCLAIM_TOY" in told[name] for name in both] == [True, False]
    stack.restart("intake:worker")
    assert "CLEANCLAIM_TOY" not in told_to(parts(stack)["intake:worker"].port)


def test_a_further_worker_runs_beside_the_stack_and_ends_with_its_block(services_on, tmp_path):
    stack = services_on(tmp_path / "stack")
    stack.up(services=["intake"])
    log = stack.places.log("intake-worker-1")
    with stack.beside("intake", "worker", name="intake-worker-1"):
        deadline = time.monotonic() + 20
        while "intake:worker begins" not in log.read_text():
            assert time.monotonic() < deadline
        assert "intake-worker-1" not in parts(stack)
    assert stack.fallen() == []


def test_a_part_that_runs_elsewhere_is_not_restarted(services_on, tmp_path):
    stack = services_on(tmp_path / "stack")
    stack.up(services=["intake"])
    with pytest.raises(StackError, match="kafka runs elsewhere"):
        stack.restart("kafka")


def test_running_services_follow_their_clock(services_on, tmp_path):
    stack = services_on(tmp_path / "stack")
    stack.up(services=["intake"])
    stack.set_clock(WINTER)
    assert int(stack.places.clock.read_text()) == stack.clock_offset_seconds != 0


def test_a_virtual_time_without_a_zone_is_refused(services_on, tmp_path):
    with pytest.raises(StackError, match="needs a time zone"):
        services_on(tmp_path / "stack").up(virtual_now=WINTER.replace(tzinfo=None))


def test_nothing_is_restarted_where_nothing_was_started(tmp_path):
    with pytest.raises(StackError, match="no stack was started"):
        Stack.at(tmp_path).restart("intake")


def test_a_command_of_a_service_runs_with_its_settings(services_on, tmp_path, capfd):
    stack = services_on(tmp_path / "stack")
    stack.up(services=["intake"])
    assert stack.run("claims", "migrate") == 0
    assert "claims:migrate begins" in capfd.readouterr().out
