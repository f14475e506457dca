"""Dashboards and alerts use names and labels that the code has, and each alert leads to a runbook."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from cleanclaim.chassis.telemetry import names

from .source import ROOT, services

_ALERTS = ROOT / "deploy/prometheus/alerts.yaml"
_CASES = ROOT / "deploy/prometheus/alerts_test.yaml"
_SCRAPES = ROOT / "deploy/prometheus/prometheus.yaml"
_DASHBOARD = ROOT / "deploy/grafana/cleanclaim.json"
_NAME = re.compile(r"\b(?:cleanclaim|process)_[a-z_]+")
_LABELS = re.compile(r"\bby \(([^)]*)\)|\b([a-z_]+)\s*(?:=~|!~|!=|=)\s*\"")
_TOLD = re.compile(r"\{\{\s*\$?(?:labels\.)?([a-z_]+)\s*\}\}")
_SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
_OF_PROMETHEUS = {"le", "job", "instance"}
_OF_THE_PROCESS = {"process_resident_memory_bytes", "process_cpu_seconds_total"}


def labels_by_name() -> dict[str, set[str]]:
    """Every name that a query may use, with the labels that it carries."""
    known = {
        metric.name + suffix: set(metric.labels) | _OF_PROMETHEUS
        for metric in names.METRICS
        for suffix in _SUFFIXES[metric.kind]
    }
    return known | dict.fromkeys(_OF_THE_PROCESS, _OF_PROMETHEUS)


def wrong_words(query: str) -> list[str]:
    """Names that do not exist, and labels that none of the query's metrics carries."""
    known = labels_by_name()
    used = _NAME.findall(query)
    wrong = [name for name in used if name not in known]
    allowed = _OF_PROMETHEUS.union(*(known.get(name, set()) for name in used))
    for grouped, compared in _LABELS.findall(query):
        asked = [one.strip() for one in grouped.split(",")] if grouped else [compared]
        wrong += [label for label in asked if label not in allowed]
    return wrong


def _alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(_ALERTS.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _panels() -> list[dict[str, Any]]:
    panels = json.loads(_DASHBOARD.read_text("utf-8"))["panels"]
    return [panel for panel in panels if panel["type"] != "row"]


def _queries() -> Iterator[tuple[str, str, str]]:
    """Every query with where it stands and the text that its labels are put into."""
    for rule in _alerts():
        yield rule["alert"], rule["expr"], rule["annotations"]["summary"]
    for panel in _panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"], target["legendFormat"]


@pytest.mark.parametrize(("place", "query", "told"), list(_queries()))
def test_a_query_uses_only_names_and_labels_that_exist(place: str, query: str, told: str) -> None:
    assert wrong_words(query) == [], place
    shown = set(_TOLD.findall(told)) - {"value"}
    assert all(re.search(rf"\b{label}\b", query) or label == "instance" for label in shown), place


@pytest.mark.parametrize(
    "query",
    [
        "rate(cleanclaim_http_requests[5m])",  # a counter without its ending
        "cleanclaim_outbox_pending_total",
        "sum by (organization) (cleanclaim_outbox_pending)",
        'cleanclaim_outbox_pending{topic="a"}',
        "histogram_quantile(0.9, cleanclaim_batch_seconds)",
    ],
)
def test_a_wrong_name_or_label_is_found(query: str) -> None:
    assert wrong_words(query)


def test_every_alert_leads_to_a_runbook_that_exists_and_says_how_urgent_it_is() -> None:
    for rule in _alerts():
        runbook = rule["annotations"]["runbook"]
        assert (ROOT / runbook).is_file(), f"{rule['alert']}: {runbook}"
        assert runbook.removeprefix("docs/runbooks/") in _read("docs/runbooks/README.md")
        assert rule["labels"]["severity"] in {"page", "ticket"}
    assert len({rule["alert"] for rule in _alerts()}) == len(_alerts())


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_metric_is_shown_or_watched() -> None:
    used = {name for _, query, _ in _queries() for name in _NAME.findall(query)}
    unseen = [
        metric.name
        for metric in names.METRICS
        if not any(metric.name + suffix in used for suffix in _SUFFIXES[metric.kind])
    ]
    assert unseen == [], "show it on the dashboard or watch it by an alert"


def test_the_cases_of_the_alerts_name_alerts_and_metrics_that_exist() -> None:
    cases = yaml.safe_load(_CASES.read_text("utf-8"))
    tests = [one for case in cases["tests"] for one in case["alert_rule_test"]]
    series = [one["series"] for case in cases["tests"] for one in case["input_series"]]

    assert {one["alertname"] for one in tests} <= {rule["alert"] for rule in _alerts()}
    assert [wrong_words(one) for one in series if wrong_words(one)] == []


def test_prometheus_scrapes_every_process_of_the_compose_file() -> None:
    (job,) = yaml.safe_load(_SCRAPES.read_text("utf-8"))["scrape_configs"]
    parts = yaml.safe_load(_read("docker-compose.yml"))["services"]

    targets = {one.removesuffix(":8080") for one in job["static_configs"][0]["targets"]}
    assert targets == {f"{s}-{process}" for s in services() for process in ("api", "worker")}
    assert targets <= parts.keys()


def test_the_dashboard_has_no_panel_twice_and_asks_the_chosen_source() -> None:
    panels = _panels()

    assert len({panel["title"] for panel in panels}) == len(panels)
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}


def test_no_label_could_hold_a_person_a_claim_or_an_organization() -> None:
    unbounded = re.compile(r"id$|organization|patient|claim|member|name|path|key|trace")
    labels = {label for metric in names.METRICS for label in metric.labels}

    assert [label for label in labels if unbounded.search(label)] == []
