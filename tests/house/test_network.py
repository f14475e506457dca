"""Who may reach whom on Kubernetes: the network policies, evaluated as a cluster would."""

import functools
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from .source import ROOT, services

_OURS = {"kubernetes.io/metadata.name": "cleanclaim"}
_FOLDERS = (ROOT / "deploy/k8s/base", ROOT / "deploy/k8s/overlays/dev")
Labels = dict[str, str]


@dataclass(frozen=True)
class Pod:
    """A pod by its labels and those of its namespace."""

    labels: Labels
    namespace: Labels = field(default_factory=lambda: _OURS)


def _process(service: str, component: str) -> Pod:
    return Pod(
        {
            "app.kubernetes.io/name": service,
            "app.kubernetes.io/component": component,
            "app.kubernetes.io/part-of": "cleanclaim",
        }
    )


_POSTGRES = Pod({"app.kubernetes.io/name": "postgres", "cleanclaim.org/role": "postgres"})
_KAFKA = Pod({"app.kubernetes.io/name": "kafka", "cleanclaim.org/role": "kafka"})
_NAMES = Pod({"k8s-app": "kube-dns"}, {"kubernetes.io/metadata.name": "kube-system"})
_GATEWAY = Pod({"app": "gateway"}, {"cleanclaim.org/gateway": "true"})
_PROMETHEUS = Pod({"app": "prometheus"}, {"cleanclaim.org/monitoring": "true"})
_COLLECTOR = Pod({"cleanclaim.org/role": "telemetry"}, {"kubernetes.io/metadata.name": "watch"})
_STRANGER = Pod({"app": "stranger"}, {"kubernetes.io/metadata.name": "elsewhere"})
_ELSEWHERE = Pod({}, {})
"""The rest of the world: no selector means it, only an address would."""


@functools.cache
def _policies() -> list[dict[str, Any]]:
    return [
        document["spec"]
        for folder in _FOLDERS
        for path in sorted(folder.glob("*.yaml"))
        for document in yaml.safe_load_all(path.read_text("utf-8"))
        if document and document["kind"] == "NetworkPolicy"
    ]


def _selects(selector: dict[str, Any], labels: Labels) -> bool:
    equal = selector.get("matchLabels", {}).items() <= labels.items()
    return equal and all(_holds(one, labels) for one in selector.get("matchExpressions", []))


def _holds(expression: dict[str, Any], labels: Labels) -> bool:
    assert expression["operator"] == "In", "teach the evaluator this operator"
    return labels.get(expression["key"]) in expression["values"]


def _peer_is(peer: dict[str, Any], pod: Pod) -> bool:
    if pod == _ELSEWHERE:
        return "ipBlock" in peer
    named = peer.get("namespaceSelector")
    in_namespace = pod.namespace == _OURS if named is None else _selects(named, pod.namespace)
    return in_namespace and _selects(peer.get("podSelector", {}), pod.labels)


def _lets_through(pod: Pod, other: Pod, port: int, way: str) -> bool:
    """Whether the policies on `pod` let traffic with `other` through, `Ingress` or `Egress`."""
    if pod.namespace != _OURS:
        return True  # not ours to say
    mine = [
        one
        for one in _policies()
        if way in one["policyTypes"] and _selects(one["podSelector"], pod.labels)
    ]
    side = "from" if way == "Ingress" else "to"
    return not mine or any(
        any(_peer_is(peer, other) for peer in rule.get(side, []))
        and port in {one["port"] for one in rule["ports"]}
        for policy in mine
        for rule in policy.get(way.lower(), [])
    )


def reaches(caller: Pod, called: Pod, port: int) -> bool:
    """Whether a connection comes about: the caller may go out and the called lets in."""
    goes_out = _lets_through(caller, called, port, "Egress")
    return goes_out and _lets_through(called, caller, port, "Ingress")


@pytest.mark.parametrize("component", ["api", "worker", "migrate"])
@pytest.mark.parametrize("service", services())
def test_every_process_reaches_what_it_stands_on(service: str, component: str) -> None:
    process = _process(service, component)

    assert reaches(process, _POSTGRES, 5432)
    assert reaches(process, _KAFKA, 9092)
    assert reaches(process, _NAMES, 53)
    assert reaches(process, _COLLECTOR, 4318)


@pytest.mark.parametrize("component", ["api", "worker", "migrate"])
@pytest.mark.parametrize("service", services())
def test_no_process_reaches_anything_else(service: str, component: str) -> None:
    process = _process(service, component)

    assert not reaches(process, _ELSEWHERE, 443)
    assert not reaches(process, _STRANGER, 8080)
    assert not reaches(process, _POSTGRES, 22)


@pytest.mark.parametrize("service", services())
def test_only_gateway_and_monitoring_come_in_from_outside(service: str) -> None:
    api, worker = _process(service, "api"), _process(service, "worker")

    assert reaches(_GATEWAY, api, 8080)
    assert not reaches(_GATEWAY, worker, 8080)
    assert reaches(_PROMETHEUS, api, 8080)
    assert reaches(_PROMETHEUS, worker, 8080)
    assert not reaches(_STRANGER, api, 8080)
    assert not reaches(_STRANGER, worker, 8080)


def test_services_ask_none_but_intake_and_only_where_they_need_a_claim_check() -> None:
    asked = {
        (caller, called)
        for caller in services()
        for called in services()
        if reaches(_process(caller, "worker"), _process(called, "api"), 8080)
    }

    needs = {"accounts", "claims", "denials", "remittance"}
    assert asked == {(service, "intake") for service in needs}


def test_nobody_from_outside_reaches_database_or_broker_and_they_call_nobody() -> None:
    for server, port in ((_POSTGRES, 5432), (_KAFKA, 9092)):
        assert not reaches(_STRANGER, server, port)
        assert not reaches(_GATEWAY, server, port)
        assert not reaches(server, _process("claims", "api"), 8080)
        assert not reaches(server, _ELSEWHERE, 443)
