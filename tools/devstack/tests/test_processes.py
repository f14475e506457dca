"""A process is known by more than its id, and nothing of ours outlives its stop."""

import os
import signal
import time
from pathlib import Path

from cleanclaim.devstack.ports import is_free
from cleanclaim.devstack.processes import Started, is_running, mark_of, send, stop

from .builders import A_TOKEN, PARENT_OF_A_STUBBORN_CHILD, a_process, a_stranger


def wait_until(question):
    deadline = time.monotonic() + 10
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def child_of(folder):
    log = folder / "process.log"
    wait_until(lambda: log.read_text().strip())
    return int(log.read_text())


def test_a_started_process_runs_until_it_is_stopped(tmp_path):
    process = a_process(tmp_path)
    assert is_running(process)
    stop([process], asking=signal.SIGTERM, seconds=5, token=A_TOKEN)
    assert not is_running(process)
    assert mark_of(process.pid) is None


def test_a_process_that_ended_by_itself_is_no_zombie(tmp_path):
    process = a_process(tmp_path, program="pass")
    wait_until(lambda: not is_running(process))
    assert mark_of(process.pid) is None


def test_a_stranger_with_a_reused_id_is_neither_ours_nor_harmed():
    with a_stranger() as stranger:
        remembered = Started(stranger.pid, "another-boot:12345")
        assert not is_running(remembered)
        assert not send(remembered, signal.SIGKILL)
        stop([remembered], asking=signal.SIGTERM, seconds=1, token=A_TOKEN)
        assert stranger.poll() is None
        stranger.kill()


def test_a_process_that_ignores_the_request_is_ended_anyway(tmp_path):
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print(1, flush=True); time.sleep(60)"
    )
    process = a_process(tmp_path, program=deaf)
    assert child_of(tmp_path) == 1
    stop([process], asking=signal.SIGTERM, seconds=0.2, token=A_TOKEN)
    assert not is_running(process)


def test_a_signal_reaches_the_children_too(tmp_path):
    process = a_process(tmp_path, program=PARENT_OF_A_STUBBORN_CHILD)
    child = child_of(tmp_path)
    assert send(process, signal.SIGKILL)
    wait_until(lambda: mark_of(child) is None)


def test_children_of_a_dead_parent_are_ended_with_it(tmp_path):
    process = a_process(tmp_path, program=PARENT_OF_A_STUBBORN_CHILD)
    child = child_of(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(process))
    assert mark_of(child) is not None
    stop([process], asking=signal.SIGTERM, seconds=1, token=A_TOKEN)
    wait_until(lambda: mark_of(child) is None)


def test_children_that_do_not_carry_our_token_are_left_alone(tmp_path):
    process = a_process(tmp_path, program=PARENT_OF_A_STUBBORN_CHILD, token="of-another-stack")
    child = child_of(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(process))
    stop([process], asking=signal.SIGTERM, seconds=1, token=A_TOKEN)
    assert mark_of(child) is not None
    os.kill(child, signal.SIGKILL)


def test_the_log_of_the_last_run_is_kept_beside_the_new_one(tmp_path):
    for word in ("first", "second"):
        process = a_process(tmp_path, program=f"print({word!r})")
        wait_until(lambda process=process: not is_running(process))
    assert (tmp_path / "process.log").read_text() == "second\n"
    assert (tmp_path / "process.log.1").read_text() == "first\n"


def test_a_process_whose_threads_still_hold_its_port_has_not_ended(tmp_path):
    headless = (
        "import ctypes, socket, threading, time; "
        "server = socket.create_server(('127.0.0.1', 0)); "
        "print(server.getsockname()[1], flush=True); "
        "threading.Thread(target=time.sleep, args=(60,)).start(); "
        "ctypes.CDLL(None).pthread_exit(None)"
    )
    process = a_process(tmp_path, program=headless)
    port = child_of(tmp_path)
    wait_until(lambda: " Z " in Path(f"/proc/{process.pid}/stat").read_text())

    assert is_running(process)
    assert not is_free(port)
    stop([process], asking=signal.SIGTERM, seconds=0.2, token=A_TOKEN)
    assert not is_running(process)
    assert is_free(port)
