"""What a stack remembers survives a restart of everything, and a torn file is said."""

import stat
import threading

import pytest

from cleanclaim.devstack import leases
from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.processes import Started
from cleanclaim.devstack.progress import silent
from cleanclaim.devstack.state import State, locked

from .builders import a_part


def test_the_state_is_read_as_it_was_written(tmp_path):
    state = State(ports={"kafka": 21_000}, clock_offset_seconds=-3600, fast=True)
    state.parts["kafka"] = a_part(Started(42, "boot:1"), port=21_000)
    path = tmp_path / "state.json"
    state.write(path)
    assert State.read(path) == state
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("{", "is not readable", id="torn"),
        pytest.param('{"format": 0}', "another version", id="of another version"),
    ],
)
def test_a_state_that_cannot_be_understood_is_said(tmp_path, content, message):
    path = tmp_path / "state.json"
    path.write_text(content)
    with pytest.raises(StackError, match=message):
        State.read(path)


def test_a_second_program_waits_for_the_lock_and_says_so(tmp_path):
    said, entered = [], threading.Event()

    def second():
        with locked(tmp_path / "lock", say=said.append):
            entered.set()

    with locked(tmp_path / "lock", say=silent):
        waiting = threading.Thread(target=second)
        waiting.start()
        while not said:
            waiting.join(0.01)
        assert not entered.is_set()
    waiting.join()
    assert entered.is_set()
    assert "another cleanclaim-dev is at work" in said[0]


def test_a_lease_lives_as_long_as_its_program(tmp_path):
    own = leases.take(tmp_path)
    (own.parent / "1-of-a-program-that-was-killed").write_text("another-boot:1")
    assert leases.living(tmp_path) == [own]
    own.unlink()
    assert leases.living(tmp_path) == []
