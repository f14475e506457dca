"""The whole system, running: every service as its own processes on real PostgreSQL and Kafka."""

from collections.abc import Iterator

import pytest

from cleanclaim.devstack.stack import Stack


@pytest.fixture(scope="session")
def system(stack: Stack) -> Iterator[Stack]:
    """All services on the tests' stack; started by the first story, ended with the last."""
    with Stack.for_tests(say=print).shared(only=None) as running:
        yield running
