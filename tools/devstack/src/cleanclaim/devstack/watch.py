"""How a part is found: running, silent or crashed."""

from dataclasses import dataclass
from pathlib import Path

from cleanclaim.devstack import infrastructure, processes, services
from cleanclaim.devstack.parts import INFRASTRUCTURE
from cleanclaim.devstack.state import Part

RUNNING, SILENT, CRASHED = "running", "silent", "crashed"


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part as it is found: `running`, `silent` (lives, does not answer) or `crashed`."""

    name: str
    state: str
    pid: int
    port: int
    started_at: str
    log: Path


def look_at(name: str, part: Part, log: Path) -> PartStatus:
    """Ask the process table, then the part itself."""
    found = CRASHED
    if processes.is_running(part.started):
        found = RUNNING if answers(name, part.port) else SILENT
    return PartStatus(name, found, part.pid, part.port, part.started_at, log)


def answers(name: str, port: int) -> bool:
    """Whether a part serves, asked in its own protocol."""
    if name in INFRASTRUCTURE:
        return infrastructure.answers(name, port)
    return services.answers(port)
