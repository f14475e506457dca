"""The names of the stack's parts."""

from collections.abc import Sequence

from cleanclaim.devstack.errors import StackError

POSTGRES = "postgres"
KAFKA = "kafka"
INFRASTRUCTURE = (POSTGRES, KAFKA)
SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")
ROLES = ("api", "worker")


def part_name(service: str, role: str) -> str:
    return f"{service}:{role}"


def service_parts(services: Sequence[str]) -> list[str]:
    return [part_name(service, role) for service in services for role in ROLES]


def parts_named(name: str) -> list[str]:
    """`kafka` and `intake:api` are themselves, `intake` is both of its parts; else StackError."""
    known = [*INFRASTRUCTURE, *service_parts(SERVICES)]
    parts = [part for part in known if name in (part, part.partition(":")[0])]
    if not parts:
        raise StackError(f"{name} is no part of the stack; parts are {', '.join(known)}")
    return parts
