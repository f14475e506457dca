"""What every test may stand on: one real PostgreSQL and one real Kafka for each runner."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from cleanclaim.devstack.stack import Stack

# a busy machine is no fault of the code: no example is refused for its time
settings.register_profile("house", deadline=None)
settings.load_profile("house")


FAULTS, STORIES = "faults", "stories"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several runners share the tests out by rooms and begin with the rooms that take longest.

    A room stays with one runner, for its tests share what takes long to make: a package its
    database, the stories and the faults each a whole running system.
    """
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_room(item)))
    longest = (FAULTS, STORIES)
    items.sort(key=lambda item: (*longest, _room(item)).index(_room(item)))


def _room(item: pytest.Item) -> str:
    package = "/".join(item.path.relative_to(item.config.rootpath).parts[:2])
    if package == "tests/faults":
        return FAULTS  # what it breaks no story shall meet
    return STORIES if "system" in getattr(item, "fixturenames", ()) else package


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL and Kafka of the tests' own stack; started by the first test that asks.

    Each of several runners has its own: one kills servers while another counts on them.
    """
    runner = os.environ.get("PYTEST_XDIST_WORKER", "")
    with Stack.for_tests(runner=runner, say=print).shared() as running:
        # rooms and running services share the cluster's roles, hence their passwords
        os.environ["CLEANCLAIM_TEST_SECRETS"] = str(running.places.secrets)
        yield running


@pytest.fixture(scope="session")
def admin_url(stack: Stack) -> str:
    """The administrator's address of the tests' PostgreSQL."""
    return stack.database_url


@pytest.fixture(scope="session")
def kafka(stack: Stack) -> str:
    """The tests' broker (bootstrap servers)."""
    return stack.kafka_bootstrap
