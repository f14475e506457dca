"""Running processes serve every listed metric, under its name, with its labels and no others."""

import asyncio

import httpx
from prometheus_client.parser import text_string_to_metric_families

from cleanclaim.chassis.telemetry import names

from .stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit

WAITED_SECONDS = 90
_BESIDE = {"le", "quantile"}


async def _scrape(system) -> dict[str, list]:
    """What every api and worker serves now, family by family."""
    ports = {one.name: one.port for one in system.status() if ":" in one.name}
    assert len(ports) == 12
    families: dict[str, list] = {}
    async with httpx.AsyncClient(timeout=30) as client:
        for port in ports.values():
            answer = await client.get(f"http://127.0.0.1:{port}/metrics")
            assert answer.status_code == 200
            for family in text_string_to_metric_families(answer.text):
                families.setdefault(family.name, []).extend(family.samples)
    return families


def _unserved(families: dict[str, list]) -> list[str]:
    return [metric.name for metric in names.METRICS if not families.get(metric.name)]


async def test_every_listed_metric_is_served_after_a_day_of_work(system):
    async with a_story(system, a_scenario(), "Watched") as story:
        held = a_visit(story, number=2, flaw="diagnosis not billable")
        await story.clinic.send([a_visit(story), held])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)

        async with asyncio.timeout(WAITED_SECONDS):
            while _unserved(families := await _scrape(system)):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(1)

    for metric in names.METRICS:
        for sample in families[metric.name]:
            assert sample.labels.keys() - _BESIDE == set(metric.labels), sample.name
    lag = families["cleanclaim_consumer_lag_records"]
    assert {one.labels["service"] for one in lag} >= {"claims", "accounts", "denials"}
    waiting = {one.labels["service"] for one in families["cleanclaim_outbox_pending"]}
    assert waiting == {"intake", "claims", "remittance", "denials", "reconcile", "accounts"}
    states = {one.labels["state"]: one.value for one in families["cleanclaim_claims_in_state"]}
    assert sum(states.values()) >= 1
    assert states["built"] == 0
