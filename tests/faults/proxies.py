"""Toxiproxy between the services, their databases, the broker and intake: one proxy an edge."""

import asyncio
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

from cleanclaim.devstack import services
from cleanclaim.devstack.kafka import Second
from cleanclaim.devstack.launch import Launcher
from cleanclaim.devstack.ports import LOOPBACK, free_port, is_listening
from cleanclaim.devstack.progress import silent
from cleanclaim.seed.story import SERVICES

BROKER = "broker"
INTAKE = "intake's API"
DATABASES = {service: f"{service}'s database" for service in SERVICES}
EDGES = (BROKER, INTAKE, *DATABASES.values())
_ADDRESSES = ("DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPORT_URL")


class Proxies:
    """The edges, each of which can be spoilt and healed.

    `leading` are the variables, by part, that lead the services through them.
    """

    def __init__(self, url: str, ports: dict[str, int], leading: dict[str, dict[str, str]]) -> None:
        self.ports = ports
        self.leading = leading
        self._client = httpx.Client(base_url=url, timeout=10)

    def stand(self, edge: str, upstream: int) -> None:
        self._ask(
            "POST",
            "/proxies",
            name=edge,
            listen=f"{LOOPBACK}:{self.ports[edge]}",
            upstream=f"{LOOPBACK}:{upstream}",
            enabled=True,
        )

    def spoil(self, edge: str, kind: str, *, stream: str = "downstream", **attributes: int) -> None:
        """Put a toxic on the edge: every connection of it, standing and new, suffers."""
        name = f"{kind} {stream}"
        words = {"name": name, "type": kind, "stream": stream, "attributes": attributes}
        self._ask("POST", f"/proxies/{edge}/toxics", **words)

    def cut(self, edge: str) -> None:
        """Close every connection of the edge and refuse new ones, until `mend`."""
        self._ask("POST", f"/proxies/{edge}", enabled=False)

    def mend(self, edge: str) -> None:
        for toxic in self._ask("GET", f"/proxies/{edge}")["toxics"]:
            self._ask("DELETE", f"/proxies/{edge}/toxics/{toxic['name']}")
        self._ask("POST", f"/proxies/{edge}", enabled=True)

    def heal(self) -> None:
        for edge in EDGES:
            self.mend(edge)

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, **body):
        answer = self._client.request(method, path, json=body or None)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@contextmanager
def proxied(system, program: Path):
    """The running system with a proxy on every edge; as it was, at the end."""
    ports: dict[str, int] = {}
    for edge in (*EDGES, "control", "second"):
        ports[edge] = free_port(taken=list(ports.values()))
    with subprocess.Popen(
        [program, "-host", LOOPBACK, "-port", str(ports["control"])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            while not is_listening(ports["control"]):
                assert running.poll() is None, "toxiproxy did not start"
                time.sleep(0.05)
            url = f"http://{LOOPBACK}:{ports['control']}"
            proxies = Proxies(url, ports, _behind(system, ports))
            system.restart("kafka", second=Second(ports["second"], ports[BROKER]))
            proxies.stand(BROKER, ports["second"])
            proxies.stand(INTAKE, urlsplit(system.urls["intake"]).port)
            for edge in DATABASES.values():
                proxies.stand(edge, urlsplit(system.database_url).port)
            system.restart(*SERVICES, extra=proxies.leading)
            yield proxies
            proxies.heal()
            proxies.close()
        finally:
            system.restart("kafka", *SERVICES)
            running.terminate()


def _behind(system, ports: dict[str, int]) -> dict[str, dict[str, str]]:
    """Each part's variables that lead it through the proxies."""
    told = {}
    for service in SERVICES:
        launcher = Launcher(system.places, system._state(), silent)
        usual = services.environment(service, system._setting(system._state()), launcher)
        extra = {
            "KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:{ports[BROKER]}",
            "CLEANCLAIM_INTAKE_URL": f"http://{LOOPBACK}:{ports[INTAKE]}",
            f"CLEANCLAIM_{service.upper()}_DATABASE_COMMAND_SECONDS": "5",
        }
        for address in _ADDRESSES:
            name = f"CLEANCLAIM_{service.upper()}_{address}"
            parts = urlsplit(usual[name])
            people = parts.netloc.rpartition("@")[0]
            place = f"{people}@{LOOPBACK}:{ports[DATABASES[service]]}"
            extra[name] = urlunsplit(parts._replace(netloc=place))
        told |= {f"{service}:{role}": extra for role in ("api", "worker")}
    return told


def held_open(system) -> dict[str, int]:
    """Open files and threads of each part of the services."""
    held = {}
    for name, part in system._state().parts.items():
        if ":" in name:
            process = Path(f"/proc/{part.pid}")
            held[name] = sum(len(list((process / one).iterdir())) for one in ("fd", "task"))
    return held


async def at_rest(system, most: dict[str, int], *, slack: int = 24) -> dict[str, tuple[int, int]]:
    """Parts that hold more than they did, once they had some time to let go."""
    for _ in range(60):
        more = {name: (most[name], now) for name, now in held_open(system).items()}
        more = {name: pair for name, pair in more.items() if pair[1] > pair[0] + slack}
        if not more:
            return {}
        await asyncio.sleep(1)
    return more
