"""What goes wrong, in words for a terminal; never a value that was sent."""

from collections.abc import Mapping
from typing import Any


class OpsError(Exception):
    """The command cannot go on; the sentence says why and what to do. Exit code 1."""

    code = 1


class WrongUseError(OpsError):
    """An argument, a setting or a file is wrong. Exit code 2."""

    code = 2


class UnreachableError(OpsError):
    """A service does not answer; nothing is known of what it did. Exit code 3."""

    code = 3


class RefusedError(OpsError):
    """A service answered with a problem (RFC 9457)."""

    def __init__(self, service: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem_code = str(problem.get("code", "unreadable"))
        super().__init__("\n".join(_lines(service, status, problem)))


def _lines(service: str, status: int, problem: Mapping[str, Any]) -> list[str]:
    code, detail = problem.get("code", "unreadable"), problem.get("detail", "")
    lines = [f"{service} refused ({status} {code}): {detail}"]
    for one in problem.get("errors", []):
        message, place, fix = one.get("message", ""), one.get("pointer"), one.get("fix")
        if place or message != detail:
            lines.append(f"  {f'{place}: ' if place else ''}{message}{f' ({fix})' if fix else ''}")
        elif fix:
            lines.append(f"  {fix}")
    return lines
