"""Arguments that several commands take: services, an instant, a service's address, --yes."""

import argparse
import datetime as dt
from collections.abc import Callable
from uuid import UUID

from cleanclaim.ops.doors import SERVICES


def service_named(text: str) -> str:
    """A service's name. Raises ArgumentTypeError."""
    if text not in SERVICES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(SERVICES)}")
    return text


def instant(text: str) -> dt.datetime:
    """An ISO 8601 instant with its time zone. Raises ArgumentTypeError."""
    try:
        given = dt.datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise argparse.ArgumentTypeError("give an instant with a time zone: 2026-03-02T15:00:00Z")
    return given


def an_id(text: str) -> str:
    """An id in the form of a UUID. Raises ArgumentTypeError."""
    try:
        return str(UUID(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            "give an id like 01980000-0000-7000-8000-0000000000a1, as `organization list` shows it"
        ) from None


def at_least(least: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` on, which raises ArgumentTypeError."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"give a whole number from {least} on")
        return int(text)

    return read


def address(text: str) -> tuple[str, str]:
    """SERVICE=URL. Raises ArgumentTypeError."""
    service, equals, url = text.partition("=")
    if service not in SERVICES or not equals or not url.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(
            f"write SERVICE=https://…, with a service of {', '.join(SERVICES)}"
        )
    return service, url


def take_service(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "service", type=service_named, metavar="SERVICE", help=f"of {', '.join(SERVICES)}"
    )


def take_services(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "services", nargs="*", type=service_named, metavar="SERVICE",
        help=f"of {', '.join(SERVICES)}; all if left out",
    )  # fmt: skip


def take_yes(one: argparse.ArgumentParser) -> None:
    one.add_argument("--yes", action="store_true", help="do it")
