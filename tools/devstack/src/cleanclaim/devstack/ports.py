"""The choice of free TCP ports on the loopback address."""

import secrets
import socket
from collections.abc import Callable, Collection

# Below the ephemeral ranges of Linux (32768) and the IANA (49152): no outgoing connection of
# another program can take the port between the choice and the start.
LOWEST, HIGHEST = 20_000, 32_000
LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_listening(port: int, host: str = LOOPBACK) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def free_port(
    *,
    remembered: int | None = None,
    taken: Collection[int] = (),
    free: Callable[[int], bool] = is_free,
) -> int:
    """The remembered port where it is still free, else a random free one not in `taken`."""
    if remembered is not None and remembered not in taken and free(remembered):
        return remembered
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if port not in taken and free(port):
            return port
