"""The whole system, running: every service as its own processes on real PostgreSQL and Kafka."""

import os
from collections.abc import Iterator

import pytest

from cleanclaim.devstack.stack import Stack

from .spans import Spans, receiving


@pytest.fixture(scope="session")
def spans(stack: Stack) -> Iterator[Spans]:
    """Every span that the running system exports."""
    with receiving(stack.places.folder / "otlp-port") as received:
        yield received


@pytest.fixture(scope="session")
def system(stack: Stack, spans: Spans) -> Iterator[Stack]:
    """All services on the tests' stack; started by the first story, ended with the last."""
    os.environ.update(spans.environment)  # the services inherit it
    with stack.shared(only=None) as running:
        yield running
