"""Arguments that several commands take: services, an instant, a service's address, --yes."""

import argparse
import datetime as dt

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
