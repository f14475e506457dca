"""The clock that a local stack may move, and crash points that only the environment arms."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from cleanclaim.chassis.runtime import FailPoint, SystemRuntime, derived_id


def _shift(runtime: SystemRuntime) -> timedelta:
    return runtime.now() - runtime.wall_now()


def test_the_clock_follows_its_file(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("3600")
    runtime = SystemRuntime(clock_file=clock)
    assert abs(_shift(runtime) - timedelta(hours=1)) < timedelta(seconds=1)
    clock.write_text("-86400")
    os.utime(clock, ns=(1, 1))
    assert abs(_shift(runtime) + timedelta(days=1)) < timedelta(seconds=1)
    clock.write_text("nonsense")
    assert abs(_shift(runtime) + timedelta(days=1)) < timedelta(seconds=1)


def test_ids_derived_from_one_event_and_purpose_are_equal() -> None:
    event_id = UUID(int=7)
    assert derived_id(event_id, "entry") == derived_id(event_id, "entry")
    assert derived_id(event_id, "entry") != derived_id(event_id, "case")


def test_new_ids_are_of_version_seven_and_ascend() -> None:
    runtime = SystemRuntime()
    ids = [runtime.new_id() for _ in range(100)]
    assert {one.version for one in ids} == {7}
    assert ids == sorted(ids)


def test_an_armed_fail_point_kills_without_cleaning_up(tmp_path: Path) -> None:
    program = (
        "from cleanclaim.chassis.runtime import FailPoint, SystemRuntime\n"
        "runtime = SystemRuntime()\n"
        "try:\n"
        "    runtime.fail_point(FailPoint.RELAY_AFTER_SEND)\n"
        "    print('skipped once', flush=True)\n"
        "    runtime.fail_point(FailPoint.RELAY_AFTER_SEND)\n"
        "finally:\n"
        "    print('cleaned up', flush=True)\n"
    )
    environment = os.environ | {
        "CLEANCLAIM_FAIL_POINTS": f"{FailPoint.RELAY_AFTER_DELETE},{FailPoint.RELAY_AFTER_SEND}:1",
        "CLEANCLAIM_FAIL_POINT_MARKS": str(tmp_path),
    }
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == b"skipped once\n"
    assert [mark.name for mark in tmp_path.iterdir()] == [FailPoint.RELAY_AFTER_SEND]

    again = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert again.returncode == 0, "where its mark lies nobody dies a second time"


def test_an_unarmed_fail_point_does_nothing() -> None:
    runtime = SystemRuntime(environ={})
    for point in FailPoint:
        runtime.fail_point(point)
    assert runtime.now() >= runtime.wall_now() - timedelta(seconds=1)
