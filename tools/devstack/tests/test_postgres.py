"""PostgreSQL runs under a uid that may run it, from wherever that uid can reach."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from cleanclaim.devstack import postgres
from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.processes import as_user

from .builders import a_stranger, places_in

NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def open_folder():
    """A folder that every uid can pass, as /var/tmp is."""
    with tempfile.TemporaryDirectory(dir=postgres.OPEN_FOLDER) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def a_wheel_in(folder):
    """The server's tree with its libraries, as the wheel lays them below `folder`."""
    tree = postgres.server_tree()
    libraries = tree.parent.with_name(f"{tree.parent.name}.libs")
    shutil.copytree(tree, folder / tree.parent.name / tree.name, symlinks=True)
    shutil.copytree(libraries, folder / libraries.name)
    return folder / tree.parent.name / tree.name


def test_the_caller_runs_what_it_can_reach(open_folder):
    tree = postgres.server_tree()
    user = os.geteuid() or None
    assert postgres.reachable_tree(tree, user, open_folder=open_folder) == tree
    assert list(open_folder.iterdir()) == []


def test_a_half_made_cluster_is_made_anew(tmp_path):
    cluster = postgres.prepare(places_in(tmp_path))
    cluster.data.mkdir(mode=0o700)
    (cluster.data / "half").write_text("left by an interrupted initdb")
    cluster.create(password="invented", fast=True)
    assert cluster.exists
    assert not (cluster.data / "half").exists()
    postgres.remove_data(places_in(tmp_path))
    assert not cluster.exists


def test_an_initdb_that_refuses_is_said_in_its_own_words(open_folder):
    cluster = postgres.Cluster(postgres.server_tree(), Path("/proc/nowhere"), None)
    with pytest.raises(StackError, match="postgres: initdb failed"):
        cluster.create(password="invented", fast=True)


def test_the_lock_of_a_dead_server_is_removed_and_a_living_ones_is_kept(tmp_path):
    cluster = postgres.Cluster(postgres.server_tree(), tmp_path, None)
    lock = tmp_path / "postmaster.pid"
    with a_stranger() as living:
        lock.write_text(f"{living.pid}\n{tmp_path}\n")
        cluster.forget_crash()
        assert lock.exists()
        living.kill()
    cluster.forget_crash()
    assert not lock.exists()


if os.geteuid() == 0:

    def test_root_keeps_the_server_where_its_uid_can_reach_it(tmp_path, open_folder):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        copy = postgres.reachable_tree(a_wheel_in(closed), NOBODY, open_folder=open_folder)
        assert copy.is_relative_to(open_folder)
        assert copy.stat().st_uid == 0
        words = [str(copy / "bin" / "initdb"), "--version"]
        told = subprocess.run(
            words, check=True, capture_output=True, text=True, cwd="/", **as_user(NOBODY)
        )
        assert "(PostgreSQL) 18" in told.stdout
        again = postgres.reachable_tree(
            closed / copy.parent.name / copy.name, NOBODY, open_folder=open_folder
        )
        assert again == copy

    def test_root_keeps_the_data_where_its_uid_can_reach_them(tmp_path):
        places = places_in(tmp_path)
        tmp_path.chmod(0o700)
        cluster = postgres.prepare(places)
        assert cluster.user == NOBODY
        assert cluster.data.parent == places.open_postgres
        assert places.open_postgres.stat().st_uid == NOBODY
        postgres.remove_data(places)
        assert not places.open_postgres.exists()

    def test_a_folder_that_someone_else_put_there_is_refused(tmp_path):
        places = places_in(tmp_path)
        places.open_postgres.mkdir()
        os.chown(places.open_postgres, 12_345, -1)
        try:
            with pytest.raises(StackError, match="belongs to another user"):
                postgres.prepare(places)
        finally:
            places.open_postgres.rmdir()

else:

    def test_a_caller_that_is_not_root_runs_it_as_itself(tmp_path):
        places = places_in(tmp_path)
        cluster = postgres.prepare(places)
        assert cluster.user is None
        assert cluster.data.is_relative_to(places.folder)
