"""One real stack for the tests of this folder, started by two programs at once."""

import subprocess
import sys

import pytest

from cleanclaim.devstack.stack import Stack

from .builders import a_command


@pytest.fixture(scope="session")
def starts(tmp_path_factory):
    """The folder, and what two `up` at the same moment said."""
    folder = tmp_path_factory.mktemp("stack")
    words = a_command(folder, "up", "--only", "infrastructure", "--fast")
    both = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _start in range(2)
    ]
    said = [start.communicate(timeout=60)[0] for start in both]
    yield folder, said, [start.returncode for start in both]
    subprocess.run(a_command(folder, "down", "--purge"), check=True, stdout=sys.stderr)


@pytest.fixture
def stack(starts):
    """The shared stack, all of it running."""
    found = Stack.at(starts[0])
    found.up(only="infrastructure")
    return found


@pytest.fixture
def services_on(stack, monkeypatch, request):
    """Make a stack of toy services on the shared PostgreSQL and Kafka."""
    monkeypatch.setenv("DATABASE_URL", stack.database_url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.kafka_bootstrap)
    monkeypatch.setenv("PYTHONPATH", str(request.path.parent))

    def make(folder, **told):
        made = Stack(folder, module="toy_service", **told)
        request.addfinalizer(made.down)
        return made

    return make
