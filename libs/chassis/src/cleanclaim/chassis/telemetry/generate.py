"""Writes docs/reference/metrics.md from the list of names: `python -m …telemetry.generate`."""

import ast
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from cleanclaim.chassis.telemetry import names

PAGE = Path(__file__).parents[6] / "docs/reference/metrics.md"
_HEAD = """\
# Metrics and spans

Generated from `cleanclaim.chassis.telemetry.names`; written anew by `make generate`. Dashboards and
alerts use no other name.

Each process, `api` and `worker`, answers `GET /metrics` in Prometheus' text format, on the port of
its health checks and without a token. It holds no PHI: every label below has a bounded set of
values, a route is its template and never a path, and no label names an organization, a person or a
claim. Process metrics (`process_*`: memory, CPU, open files) stand beside ours. Several workers of
one service tell the same gauges: take their `max`, and the `sum` of counters.

## Metrics

| name | kind | labels | what it tells |
|---|---|---|---|
"""
_SPANS = """
## Spans

A request's span is named by method and route template. All others:

| name | what it is |
|---|---|
"""
_ATTRIBUTES = """
## Attributes of spans

"""


def page() -> str:
    """The whole page, ending with a newline."""
    rows = [_row(metric) for metric in names.METRICS]
    spans = [f"| `{name.value}` | {comment} |\n" for name, comment in _commented(names.Span)]
    attributes = ", ".join(f"`{one.value}`" for one in names.Attribute)
    return "".join([_HEAD, *rows, _SPANS, *spans, _ATTRIBUTES, attributes, ".\n"])


def shown_name(metric: names.Metric) -> str:
    """The name as a query writes it: a counter's ends in `_total`."""
    return metric.name + ("_total" if metric.kind == "counter" else "")


def _row(metric: names.Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
    return f"| `{shown_name(metric)}` | {metric.kind} | {labels} | {metric.comment} |\n"


def _commented(kind: type[StrEnum]) -> Iterable[tuple[StrEnum, str]]:
    """The members of an enumeration with the comments below them, read from the source."""
    module = ast.parse(Path(names.__file__).read_text(encoding="utf-8"))
    (body,) = [
        node.body
        for node in module.body
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__
    ]
    for assigned, told in pairwise(body):
        if isinstance(assigned, ast.Assign) and isinstance(told, ast.Expr):
            yield kind[ast.unparse(assigned.targets[0])], ast.literal_eval(told.value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
