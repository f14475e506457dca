"""Where the services' databases and the broker are, as the environment tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from cleanclaim.events.catalog import TOPICS
from cleanclaim.verify.verdicts import CannotLook

SERVICES = tuple(dict.fromkeys(topic.teller for topic in TOPICS.values()))
"""Every service tells something, so the catalogue names them all."""
KAFKA = "KAFKA_BOOTSTRAP_SERVERS"


def reporter_variable(service: str) -> str:
    """The variable with the address of a service's database for its reporter role."""
    return f"CLEANCLAIM_{service.upper()}_REPORTER_URL"


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses: each service's database (`postgresql://`, reporter role) and the broker."""

    databases: Mapping[str, str]
    kafka: str


def places_in(environment: Mapping[str, str]) -> Places:
    """The addresses that the environment tells.

    Raises:
        CannotLook: one is missing; the message names its variable.
    """
    wanted = [reporter_variable(service) for service in SERVICES]
    missing = [name for name in (*wanted, KAFKA) if not environment.get(name)]
    if missing:
        raise CannotLook(
            f"{', '.join(missing)} not set. On a local stack:"
            ' eval "$(cleanclaim-dev env)"; elsewhere give the URL of each reporter role'
        )
    databases = {service: environment[reporter_variable(service)] for service in SERVICES}
    return Places(databases, environment[KAFKA])
