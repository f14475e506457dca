"""What operators see: spans, metrics and their names; `telemetry.metrics.<name>` counts."""

from cleanclaim.chassis.telemetry import metrics, names
from cleanclaim.chassis.telemetry.tracing import (
    configure,
    current_traceparent,
    fetching,
    finished_spans,
    handling,
    parent_of,
    shut_down,
    span,
)

__all__ = [
    "configure",
    "current_traceparent",
    "fetching",
    "finished_spans",
    "handling",
    "metrics",
    "names",
    "parent_of",
    "shut_down",
    "span",
]
