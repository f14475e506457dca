"""Where the parts of a stack are reached: embedded ones by port, others as they were named."""

import os
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from cleanclaim.devstack import postgres
from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.keyring import Keyring
from cleanclaim.devstack.parts import KAFKA, POSTGRES, SERVICES, part_name
from cleanclaim.devstack.places import Places
from cleanclaim.devstack.ports import LOOPBACK, is_listening
from cleanclaim.devstack.services import role_url
from cleanclaim.devstack.state import State

DATABASE_URL = "DATABASE_URL"
KAFKA_BOOTSTRAP_SERVERS = "KAFKA_BOOTSTRAP_SERVERS"
_USUAL_PORTS = {DATABASE_URL: 5432, KAFKA_BOOTSTRAP_SERVERS: 9092}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one stack as its state tells them."""

    state: State
    keyring: Keyring

    @property
    def database_url(self) -> str:
        """The administrator's URL; StackError where PostgreSQL was not started."""
        if self.state.outside_database_url:
            return self.state.outside_database_url
        place = f"{LOOPBACK}:{self._port(POSTGRES)}/{postgres.DATABASE}"
        password = quote(self.keyring.password(postgres.ADMINISTRATOR), safe="")
        return f"postgresql://{postgres.ADMINISTRATOR}:{password}@{place}"

    @property
    def kafka_bootstrap(self) -> str:
        """`host:port`; StackError where Kafka was not started."""
        return self.state.outside_kafka or f"{LOOPBACK}:{self._port(KAFKA)}"

    @property
    def urls(self) -> dict[str, str]:
        """Each service's API by the service's name, for those that ever had a port."""
        ports = {service: self.state.ports.get(part_name(service, "api")) for service in SERVICES}
        return {service: f"http://{LOOPBACK}:{port}" for service, port in ports.items() if port}

    def exports(self, places: Places) -> dict[str, str]:
        """The variables by which a program outside the stack finds all of it."""
        return {
            DATABASE_URL: self.database_url,
            KAFKA_BOOTSTRAP_SERVERS: self.kafka_bootstrap,
            "CLEANCLAIM_TRUSTED_KEYS": str(places.trusted_keys),
            "CLEANCLAIM_MAILBOX_ROOT": str(places.mailbox),
            "CLEANCLAIM_CLOCK_OFFSET_SECONDS": str(self.state.clock_offset_seconds),
            **{f"CLEANCLAIM_{name.upper()}_URL": url for name, url in self.urls.items()},
            **self._reporters(),
        }

    def _reporters(self) -> dict[str, str]:
        """Each service's database as its reporter role, which reads and writes nothing."""
        urls = {}
        for service in SERVICES:
            role = f"cleanclaim_{service}_reporter"
            urls[f"CLEANCLAIM_{service.upper()}_REPORTER_URL"] = role_url(
                self.database_url, role=role, password=self.keyring.password(role)
            )
        return urls

    def _port(self, name: str) -> int:
        if name not in self.state.parts:
            raise StackError(f"{name} was not started; run cleanclaim-dev up")
        return self.state.parts[name].port


def take_outside(state: State) -> None:
    """Note what the environment names instead of an embedded part; StackError where it is dead."""
    state.outside_database_url = os.environ.get(DATABASE_URL) or None
    state.outside_kafka = os.environ.get(KAFKA_BOOTSTRAP_SERVERS) or None
    for name, address in (
        (DATABASE_URL, state.outside_database_url),
        (KAFKA_BOOTSTRAP_SERVERS, state.outside_kafka),
    ):
        if address is not None:
            _check_outside(name, address)


def _check_outside(name: str, address: str) -> None:
    first = address.split(",", maxsplit=1)[0]
    parts = urlsplit(first if "://" in first else f"//{first}")
    host, port = parts.hostname or LOOPBACK, parts.port or _USUAL_PORTS[name]
    if not is_listening(port, host):
        raise StackError(f"{name} is set, but nothing answers at {host}:{port}")
