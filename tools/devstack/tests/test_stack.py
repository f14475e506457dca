"""Real starts of PostgreSQL and Kafka: at once, after a crash, and down to the last process."""

import asyncio
import datetime as dt
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from cleanclaim.devstack import postgres
from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.keyring import Keyring
from cleanclaim.devstack.processes import is_running
from cleanclaim.devstack.stack import Stack
from cleanclaim.devstack.state import Part, State

from .builders import a_command, a_stranger

LONG_AGO = dt.datetime(2001, 3, 2, 9, tzinfo=dt.UTC)
FAR_AHEAD = dt.datetime(2101, 3, 2, 9, tzinfo=dt.UTC)


def run(folder, *words):
    return subprocess.run(a_command(folder, *words), check=False, capture_output=True, text=True)


def states(stack):
    return {part.name: part.state for part in stack.status()}


def wait_for(stack, part, state):
    deadline = time.monotonic() + 10
    while states(stack)[part] != state:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def query(stack, statement):
    psql = postgres.server_tree() / "bin" / "psql"
    words = [str(psql), "-X", "-A", "-t", "-c", statement, stack.database_url]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def test_two_starts_at_once_make_one_stack(starts):
    _folder, said, codes = starts
    assert codes == [0, 0]
    assert sum("the stack is already running" in text for text in said) == 1
    assert sum("another cleanclaim-dev is at work" in text for text in said) == 1


def test_the_status_of_a_running_stack_is_well(stack):
    found = run(stack.places.folder, "status")
    assert found.returncode == 0
    assert all(f"{part} " in found.stdout for part in ("postgres", "kafka"))


def test_postgres_is_the_one_that_the_services_need(stack):
    shown = query(stack, "SELECT current_setting('server_version_num')::int / 10000")
    assert shown == "18"
    assert query(stack, "SHOW max_connections") == "300"
    assert query(stack, "SHOW timezone") == "UTC"
    assert query(stack, "SELECT pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == "UTF8"


def test_postgres_asks_for_the_password(stack):
    address = stack.database_url.replace(":" + Keyring(stack.places).password("postgres"), "")
    psql = postgres.server_tree() / "bin" / "psql"
    refused = subprocess.run(
        [str(psql), "-w", "-c", "SELECT 1", address], check=False, capture_output=True, text=True
    )
    assert "no password supplied" in refused.stderr


async def test_kafka_keeps_records_of_any_date(stack):
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("cleanclaim.dates", 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap)
    await producer.start()
    for instant in (LONG_AGO, FAR_AHEAD):
        await producer.send_and_wait(
            "cleanclaim.dates", b"fact", timestamp_ms=int(instant.timestamp() * 1000)
        )
    await producer.stop()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.kafka_bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    consumer.assign([TopicPartition("cleanclaim.dates", 0)])
    kept = [await asyncio.wait_for(consumer.getone(), 10) for _record in range(2)]
    await consumer.stop()
    assert [record.timestamp // 1000 for record in kept] == [
        int(instant.timestamp()) for instant in (LONG_AGO, FAR_AHEAD)
    ]


async def test_kafka_makes_no_topic_by_itself(stack):
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap)
    await consumer.start()
    consumer.subscribe(["cleanclaim.nobody"])
    await asyncio.sleep(1)
    topics = await consumer.topics()
    await consumer.stop()
    assert "cleanclaim.nobody" not in topics


def test_a_crash_of_kafka_is_seen_said_and_healed(stack):
    stack.signal("kafka", signal.SIGKILL)
    wait_for(stack, "kafka", "crashed")
    found = run(stack.places.folder, "status")
    assert found.returncode == 1
    assert "kafka crashed; the end of" in found.stderr
    again = run(stack.places.folder, "up", "--only", "infrastructure")
    assert again.returncode == 0
    assert "kafka                had stopped; the end of" in again.stderr
    assert states(stack) == {"kafka": "running", "postgres": "running"}


def test_a_crash_of_postgres_keeps_what_was_committed(stack):
    query(stack, "CREATE TABLE kept AS SELECT 1 AS fact")
    stack.signal("postgres", signal.SIGKILL)
    wait_for(stack, "postgres", "crashed")
    stack.up(only="infrastructure")
    assert query(stack, "SELECT fact FROM kept") == "1"


def test_a_part_that_hangs_is_silent_and_not_well(stack):
    stack.signal("kafka", signal.SIGSTOP)
    assert states(stack)["kafka"] == "silent"
    stack.signal("kafka", signal.SIGCONT)
    wait_for(stack, "kafka", "running")


def test_an_interrupted_start_is_finished_by_the_next(tmp_path, stack, monkeypatch):
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.kafka_bootstrap)
    folder = tmp_path / "interrupted"
    words = a_command(folder, "up", "--only", "infrastructure", "--fast")
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as first:
        while "starting on port" not in first.stderr.readline():
            assert first.poll() is None
        first.send_signal(signal.SIGINT)
        assert "interrupted; `cleanclaim-dev down` stops the rest" in first.stderr.read()
        assert first.wait() == 128 + signal.SIGINT
    second = Stack.at(folder)
    second.up(only="infrastructure")
    assert query(second, "SELECT current_database()") == "cleanclaim"
    assert second.down(purge=True) == ["postgres"]


def test_a_port_that_another_program_took_meanwhile_is_left_to_it(stack):
    port = State.read(stack.places.state).ports["postgres"]
    stack.signal("postgres", signal.SIGINT)
    wait_for(stack, "postgres", "crashed")
    with socket.create_server(("127.0.0.1", port)):
        stack.up(only="infrastructure")
        assert f":{port}/" not in stack.database_url
        assert query(stack, "SELECT 1") == "1"


def test_a_state_from_before_a_reboot_harms_no_stranger(tmp_path, stack, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", stack.database_url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.kafka_bootstrap)
    old = Stack.at(tmp_path / "old")
    old.places.make()
    state = State()
    with a_stranger() as stranger:
        state.parts["kafka"] = _remembered(stranger.pid)
        state.write(old.places.state)
        assert states(old) == {"kafka": "crashed"}
        with pytest.raises(StackError, match="kafka does not run"):
            old.signal("kafka", signal.SIGKILL)
        assert old.down() == ["kafka"]
        assert stranger.poll() is None
        stranger.kill()


def test_data_of_a_closed_folder_are_out_of_others_reach(stack):
    cluster = postgres.prepare(stack.places)
    told = cluster.data.stat()
    assert stat.S_IMODE(told.st_mode) == 0o700
    assert told.st_uid != 0
    assert stat.S_IMODE(stack.places.secrets.stat().st_mode) == 0o700


def test_an_outside_address_that_is_dead_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://someone:secret@127.0.0.1:9/x")
    with pytest.raises(
        StackError, match=r"DATABASE_URL is set, but nothing answers at 127\.0\.0\.1:9"
    ):
        Stack.at(tmp_path / "stack").up(only="infrastructure")


def test_down_leaves_no_process_and_purge_no_data(tmp_path, monkeypatch, stack):
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.kafka_bootstrap)
    own = Stack.at(tmp_path / "own")
    assert own.up(only="infrastructure", fast=True)
    processes = [part.started for part in State.read(own.places.state).parts.values()]
    data = postgres.prepare(own.places).data
    assert (data / "PG_VERSION").exists()
    assert own.down(purge=True) == ["postgres"]
    assert not any(is_running(process) for process in processes)
    listed = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True, text=True)
    assert str(data) not in listed.stdout
    assert not data.parent.exists()
    assert own.down() == []


def test_the_last_of_several_programs_ends_a_shared_stack(tmp_path, stack, monkeypatch):
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.kafka_bootstrap)
    folder = tmp_path / "shared"
    program = (
        "import sys, pathlib; from cleanclaim.devstack.stack import Stack\n"
        "with Stack.at(pathlib.Path(sys.argv[1])).shared() as stack:\n"
        "    print(stack.database_url, flush=True); sys.stdin.read()\n"
    )
    words = [sys.executable, "-c", program, str(folder)]
    others = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _program in range(2)
    ]
    assert len({other.stdout.readline() for other in others}) == 1
    others[0].communicate()
    assert states(Stack.at(folder)) == {"postgres": "running"}
    others[1].communicate()
    assert states(Stack.at(folder)) == {}


def _remembered(pid):
    return Part(pid, "an-earlier-boot:77", 29_092, "2026-11-23T09:00:00+00:00")
