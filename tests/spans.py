"""Receives what running services export of their work: an OTLP endpoint that keeps every span."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from cleanclaim.devstack.ports import LOOPBACK, free_port

PATH = "/v1/traces"


@dataclass(frozen=True, slots=True)
class Span:
    """One finished span as it was exported."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str | None
    kind: int
    attributes: dict[str, Any] = field(default_factory=dict)


class Spans:
    """All that came in so far. Bytes are kept as they came and read only when asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[bytes] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to send all its spans here, soon."""
        return {
            "CLEANCLAIM_TRACES": "otlp",
            "CLEANCLAIM_TRACE_RATIO": "1",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }

    def of(self, trace_id: str) -> list[Span]:
        """The spans of one trace."""
        wanted = bytes.fromhex(trace_id)
        return [
            one
            for content in list(self.received)
            if wanted in content
            for one in _spans(content)
            if one.trace_id == trace_id
        ]


def _spans(content: bytes) -> Iterator[Span]:
    for resource in ExportTraceServiceRequest.FromString(content).resource_spans:
        about = {one.key: one.value.string_value for one in resource.resource.attributes}
        for scope in resource.scope_spans:
            for one in scope.spans:
                yield Span(
                    service=about["service.name"],
                    name=one.name,
                    trace_id=one.trace_id.hex(),
                    span_id=one.span_id.hex(),
                    parent_id=one.parent_span_id.hex() or None,
                    kind=one.kind,
                    attributes={a.key: a.value.string_value for a in one.attributes},
                )


@contextmanager
def receiving(remembered: Path) -> Iterator[Spans]:
    """An endpoint for as long as the block runs, on the port that running services know already.

    `remembered` is a file that keeps the port between test programs that share one stack.
    """
    known = int(remembered.read_text()) if remembered.exists() else None
    # never one of the ports that the kernel lends: a client that waits for us could be given it
    port = free_port(remembered=known, taken=set())
    server = ThreadingHTTPServer((LOOPBACK, port), _Endpoint)
    server.daemon_threads = True
    spans = server.spans = Spans(server.server_port)  # type: ignore[attr-defined]
    remembered.parent.mkdir(parents=True, exist_ok=True)
    if known is None:
        remembered.write_text(str(spans.port))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield spans
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == PATH:
            self.server.spans.received.append(content)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing of each request."""
