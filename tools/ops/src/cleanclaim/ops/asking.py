"""Asks several services in turn: one that does not answer hides none of the others."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cleanclaim.ops.errors import OpsError, RefusedError, UnreachableError

Row = dict[str, Any]
_OUT_OF_ORDER = 500
"""From this status on a refusal is the service's trouble and not the asker's."""


@dataclass(slots=True)
class Asked:
    """The rows of the services that answered, and what was the matter with the others."""

    rows: list[Row] = field(default_factory=list)
    troubles: list[OpsError] = field(default_factory=list)

    def nothing(self, words: str) -> str:
        """What to say where there are no rows."""
        return f"{words} in the services that answered" if self.troubles else words

    def code(self, otherwise: int) -> int:
        """Tell the troubles and return the gravest one's exit code; `otherwise` without any."""
        for trouble in self.troubles:
            print(f"cleanclaim-ops: {trouble}", file=sys.stderr)
        return max((trouble.code for trouble in self.troubles), default=otherwise)


def ask_each(services: Sequence[str], ask: Callable[[str], Iterable[Row]]) -> Asked:
    """Ask each service for its rows; each row says whose it is.

    Raises:
        OpsError: what is the asker's to put right (a token, an address) and holds for all.
    """
    asked = Asked()
    for service in services:
        try:
            asked.rows += [{"service": service, **row} for row in ask(service)]
        except UnreachableError as trouble:
            asked.troubles.append(trouble)
        except RefusedError as trouble:
            if trouble.status < _OUT_OF_ORDER:
                raise
            asked.troubles.append(trouble)
    return asked
