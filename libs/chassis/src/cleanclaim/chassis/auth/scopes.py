"""The grammar of scopes: SMART App Launch v2 (`system/Claim.rs`) and plain verbs of our own."""

import re
from dataclasses import dataclass

# SMART App Launch 2.x, "Scopes for requesting FHIR resources": letters in the order c r u d s.
_SMART = re.compile(
    r"(?P<context>patient|user|system)/(?P<resource>\*|[A-Z][A-Za-z]*)"
    r"\.(?P<letters>(?=[cruds])c?r?u?d?s?)"
)
_VERB = re.compile(r"cleanclaim/[a-z]+(?:[.-][a-z]+)*")
MOST_SCOPES = 200


@dataclass(frozen=True, slots=True)
class SmartScope:
    context: str
    resource: str
    letters: frozenset[str]

    def covers(self, wanted: "SmartScope") -> bool:
        return (
            self.context == wanted.context
            and self.resource in ("*", wanted.resource)
            and wanted.letters <= self.letters
        )


def parse_smart(scope: str) -> SmartScope | None:
    """None for anything outside the grammar.

    A scope narrowed by a query (`system/Claim.rs?status=…`) is outside too: we could not keep
    its promise, so it grants nothing.
    """
    match = _SMART.fullmatch(scope)
    if match is None:
        return None
    return SmartScope(match["context"], match["resource"], frozenset(match["letters"]))


def is_requestable(scope: str) -> bool:
    """Whether a route may ask for this scope: one resource, or one of our verbs."""
    smart = parse_smart(scope)
    if smart is not None:
        return smart.resource != "*"
    return _VERB.fullmatch(scope) is not None


def allows(granted: frozenset[str], wanted: str) -> bool:
    """Whether the granted scopes cover the wanted one, letter by letter.

    Letters may come from several scopes: `system/Claim.r` and `system/Claim.u` together cover
    `system/Claim.ru`. A wildcard never covers a verb of ours.
    """
    needed = parse_smart(wanted)
    if needed is None:
        return wanted in granted
    parsed = [smart for smart in map(parse_smart, granted) if smart is not None]
    return all(
        any(
            smart.covers(SmartScope(needed.context, needed.resource, frozenset(letter)))
            for smart in parsed
        )
        for letter in needed.letters
    )
