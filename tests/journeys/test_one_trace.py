"""One encounter through six services is one trace, with every span below the one that caused it."""

import asyncio
import re
from collections import Counter
from dataclasses import replace

from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.intake import EncounterReady
from cleanclaim.payersim.scenario import Rule

from ..spans import Span, Spans
from .stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit

SIX = {"intake", "claims", "remittance", "denials", "reconcile", "accounts"}
# who handles what below what: (service, span) and the (service, span) or fact that caused it
TREE = {
    ("claims", "process EncounterReady"): ("intake", "POST /v1/encounters"),
    ("accounts", "process EncounterReady"): ("intake", "POST /v1/encounters"),
    ("claims", "fetch EncounterReady"): ("intake", "POST /v1/encounters"),
    ("claims", "ask_partner"): ("claims", "fetch EncounterReady"),
    ("intake", "GET /v1/encounters/{encounter_id}/versions/{version}"): ("claims", "ask_partner"),
}
FOLLOWS = {
    "process ClaimSubmitted": {"intake", "remittance", "denials", "reconcile", "accounts"},
    "process ClaimPaymentPosted": {"claims", "denials", "accounts"},
    "process ClaimDenied": {"denials"},
    "process JournalPosted": {"reconcile"},
}
PATIENCE_SECONDS = 30


async def test_one_encounter_through_six_services_is_one_trace(system, spans: Spans):
    rule = Rule(name="bundled", outcome="deny", lines="85025", group="CO", reason="97")
    async with a_story(system, a_scenario(rule), "One trace") as story:
        await story.clinic.send([a_visit(story, "99213", "85025")])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        (ready,) = story.clinic.stream.of(EncounterReady)
        (submitted,) = story.clinic.stream.of(ClaimSubmitted)
        trace_id = ready.envelope.traceparent.split("-")[1]
        assert submitted.envelope.traceparent.split("-")[1] == trace_id
        found = await _whole(spans, trace_id)
    found = [replace(one, name=_short(one.name)) for one in found]
    told = "\n".join(_drawn(found))
    assert {one.service for one in found} == SIX, told
    by_id = {one.span_id: one for one in found}
    (root,) = [one for one in found if one.parent_id is None]
    assert (root.service, root.name) == ("intake", "POST /v1/encounters")
    orphans = [one for one in found if one.parent_id and one.parent_id not in by_id]
    assert orphans == [], told
    for child, parent in TREE.items():
        several = [each for each in found if (each.service, each.name) == child]
        assert len(several) == 1, told
        (one,) = several
        above = by_id[one.parent_id]
        assert (above.service, above.name) == parent, told
    for name, services in FOLLOWS.items():
        assert services <= {one.service for one in found if one.name == name}, f"{name}\n{told}"
    # each service handles each fact once; only entries of the book are several for one cause
    twice = Counter((one.service, one.name) for one in found if one.name in FOLLOWS)
    del twice["reconcile", "process JournalPosted"]
    assert set(twice.values()) == {1}, told


def _short(name: str) -> str:
    """`process cleanclaim.intake.EncounterReady.v1` without topic and version."""
    return re.sub(r"cleanclaim\.\w+\.(\w+)\.v\d+", r"\1", name)


async def _whole(spans: Spans, trace_id: str) -> list[Span]:
    """The spans of the trace once every service has sent its part and nothing more comes."""
    found: list[Span] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            now = spans.of(trace_id)
            if len(now) == len(found) and {one.service for one in now} == SIX:
                return now
            found = now
            await asyncio.sleep(1)


def _drawn(spans: list[Span]) -> list[str]:
    """The tree as a person reads it."""
    ids = {one.span_id for one in spans}

    def below(parent: str | None, depth: int) -> list[str]:
        lines = []
        for one in spans:
            above = one.parent_id if one.parent_id in ids else None
            if above == parent:
                lines.append(f"{'  ' * depth}{one.service}: {one.name}")
                lines += below(one.span_id, depth + 1)
        return lines

    return below(None, 0)
