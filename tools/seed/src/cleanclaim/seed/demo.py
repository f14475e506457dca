"""The demo: invented encounters on their whole way, and beside them samples that others made."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from cleanclaim.devstack.stack import Stack
from cleanclaim.payersim.scenario import read_scenario
from cleanclaim.seed import printing
from cleanclaim.seed.clinic import PayerTerms, Sent, add_payers
from cleanclaim.seed.doors import Refused
from cleanclaim.seed.encounters import Visit, visits
from cleanclaim.seed.report import title
from cleanclaim.seed.samples import SOURCE as SAMPLES
from cleanclaim.seed.samples import SampleVisit, sample_visits
from cleanclaim.seed.story import LocalStory, told
from cleanclaim.verify.judging import judge
from cleanclaim.verify.look import Wish
from cleanclaim.verify.places import places_in
from cleanclaim.verify.report import as_table, breaches

Say = Callable[[str], None]
SENT_ON = date(2026, 3, 2)
PAID_ON = date(2026, 3, 17)
CHECKED_ON = date(2026, 3, 25)
SAMPLE_PAYER = "Payer of the samples"


class NotProved(Exception):  # noqa: N818 - says what is the matter
    """An invariant is broken; says which, where to look and what to read."""


async def run_demo(stack: Stack, *, seed: int, count: int, say: Say) -> None:
    """Live the demo's three days on a running stack and print what came of them."""
    scenario = read_scenario(Path(str(files("cleanclaim.payersim"))) / "scenarios" / "demo.toml")
    async with told(
        stack, scenario, seed=seed, name="Demo Family Clinic", begins_on=SENT_ON
    ) as story:
        (stack.places.folder / "demo-organization").write_text(str(story.clinic.organization_id))
        say(f"{SENT_ON}  {count} invented visits go in by REST, some with errors in the data")
        sent = await _send(story, seed=seed, count=count)
        held = [one for one in sent if one.state == "held"]
        say(f"            {len(sent) - len(held)} ready, {len(held)} held; half are put right")
        samples = await _send_samples(story)
        await _put_right(story, held[::2])
        await story.settled()
        say("            claims are built, sent as 837P and answered with 999 and 277CA")
        await story.submit(SENT_ON)
        say(f"{PAID_ON}  payers send 835s, the bank its statement")
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        say(f"{CHECKED_ON}  the day is reconciled: what should have come by now")
        story.day(CHECKED_ON)
        await story.clinic.doors.post(
            "reconcile", "/v1/reconciliation:run", {"as_of": CHECKED_ON.isoformat()}
        )
        await story.settled()
        await printing.print_result(story, sent, samples, on=CHECKED_ON, say=say)
        await _prove(story, say)


async def _prove(story: LocalStory, say: Say) -> None:
    """Judge what was lived through by the invariants, as an operator would. Raises NotProved."""
    places = places_in(story.stack.environment())
    wish = Wish(organization=story.clinic.organization_id, settled=True)
    verdicts = await judge(places, wish)
    say(title("Invariants, proved from every schema and topic (cleanclaim-verify)"))
    say(as_table(verdicts, measured=False))
    if found := breaches(verdicts):
        raise NotProved(found)


async def _send(story: LocalStory, *, seed: int, count: int) -> list[Sent]:
    return await story.clinic.send(_visits(story, seed=seed, count=count))


def _visits(story: LocalStory, *, seed: int, count: int) -> list[Visit]:
    names = list(story.clinic.payer_ids)
    medicare = next(name for name in names if "Medicare" in name)
    return visits(
        seed=seed,
        count=count,
        payers=[name for name in names if name != SAMPLE_PAYER],
        medicare=medicare,
        staff=story.clinic.staff,
        until_on=SENT_ON,
    )


async def _put_right(story: LocalStory, held: list[Sent]) -> None:
    """The registration desk corrects these: as the visit was before its error got in."""
    for one in held:
        await story.clinic.correct(one, one.visit.before or one.visit)


async def _send_samples(story: LocalStory) -> Counter[str]:
    """Send the samples of others through the same doors; what became of each, with the reasons."""
    outcome: Counter[str] = Counter()
    terms = PayerTerms(name=SAMPLE_PAYER, identifier="CHPWA", originating_company_id="1990000099")
    connections = await story.clinic.doors.every("claims", "/v1/connections")
    clearinghouse = next(one for one in connections if one["purpose"] == "clearinghouse")
    await add_payers(story.clinic, [terms], connection_id=clearinghouse["id"])
    await story.settled()
    for sample in sample_visits():
        outcome[await _send_sample(story, sample)] += 1
    return outcome


async def _send_sample(story: LocalStory, sample: SampleVisit) -> str:
    doors = story.clinic.doors
    try:
        patient = await doors.post(
            "intake",
            "/v1/patients",
            sample.patient | {"source": SAMPLES, "external_id": sample.name},
        )
        coverage = await doors.post(
            "intake",
            "/v1/coverages",
            sample.coverage
            | {
                "patient_id": patient["patient_id"],
                "payer_id": story.clinic.payer_ids[SAMPLE_PAYER],
            },
        )
        answer = await doors.post(
            "intake",
            "/v1/encounters",
            sample.encounter
            | {
                "source": SAMPLES,
                "external_id": sample.name,
                "patient_id": patient["patient_id"],
                "coverage_ids": [coverage["coverage_id"]],
            },
        )
    except Refused as refused:
        return f"refused: {', '.join(refused.places()) or refused.problem.get('code')}"
    return outcome_of(answer)


def outcome_of(answer: dict[str, Any]) -> str:
    """`ready`, or `held` with the codes of what holds it."""
    codes = sorted({one["code"] for one in answer["findings"] if one["severity"] == "error"})
    return f"{answer['state']}: {', '.join(codes)}" if codes else str(answer["state"])
