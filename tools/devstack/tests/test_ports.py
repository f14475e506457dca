"""Ports are free when chosen, stable where they can be, and never another part's."""

import socket

import pytest

from cleanclaim.devstack.ports import HIGHEST, LOOPBACK, LOWEST, free_port, is_free, is_listening


@pytest.mark.parametrize(
    ("remembered", "taken", "free", "expected"),
    [
        pytest.param(25_000, (), True, 25_000, id="the port of last time is kept"),
        pytest.param(25_000, (25_000,), True, None, id="another part has it now"),
        pytest.param(25_000, (), False, None, id="another program has it now"),
        pytest.param(None, (), True, None, id="a first start"),
    ],
)
def test_a_port_is_kept_where_it_can_be(remembered, taken, free, expected):
    port = free_port(
        remembered=remembered, taken=taken, free=lambda port: free or port != remembered
    )
    if expected is None:
        assert LOWEST <= port < HIGHEST
        assert port != remembered or remembered is None
    else:
        assert port == expected


def test_a_port_that_a_program_listens_on_is_not_free():
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert is_listening(port)
    assert not is_listening(port)
