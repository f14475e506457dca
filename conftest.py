"""What every test may stand on: one real PostgreSQL and one real Kafka for the whole run."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from cleanclaim.devstack.stack import Stack

# a busy machine is no fault of the code: no example is refused for its time
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL and Kafka of the tests' own stack; started by the first test that asks."""
    with Stack.for_tests(say=print).shared() as running:
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
