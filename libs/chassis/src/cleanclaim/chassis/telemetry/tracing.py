"""Spans of our own making: where they go, how they hang together, and what they may say."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, Sampler, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from cleanclaim.chassis.telemetry.names import Attribute, Span

Traces = Literal["none", "console", "otlp", "memory"]
_PROPAGATOR = TraceContextTextMapPropagator()
_MOST_LINKS = 128  # OpenTelemetry drops links beyond this number


class _Tracing:
    """This process's provider; our own, since OpenTelemetry's global one can be set only once."""

    def __init__(self, provider: TracerProvider, memory: InMemorySpanExporter | None) -> None:
        self.provider = provider
        self.memory = memory
        self.tracer = provider.get_tracer("cleanclaim")


def _off() -> _Tracing:
    # Nothing is recorded, yet trace ids are made and carried on, so that logs can be joined.
    return _Tracing(TracerProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False), None)


_state = {"tracing": _off()}


def configure(service: str, *, traces: str = "none", ratio: float = 1.0) -> None:
    """Send this process's spans to `none`, `console`, `otlp` (HTTP) or `memory` (tests).

    `ratio` of the traces that begin here are recorded; one that began elsewhere keeps its
    decision. The address of `otlp` is OpenTelemetry's own OTEL_EXPORTER_OTLP_ENDPOINT.

    Raises:
        ValueError: `traces` is none of the four.
    """
    shut_down()
    sampler: Sampler = ParentBased(TraceIdRatioBased(ratio)) if traces != "none" else ALWAYS_OFF
    resource = Resource.create({"service.name": service, "service.namespace": "cleanclaim"})
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    memory = InMemorySpanExporter() if traces == "memory" else None
    processor = _processor(traces, memory)
    if processor is not None:
        provider.add_span_processor(processor)
    _state["tracing"] = _Tracing(provider, memory)


def _processor(traces: str, memory: InMemorySpanExporter | None) -> SpanProcessor | None:
    if memory is not None:
        return SimpleSpanProcessor(memory)
    if traces == "console":
        return SimpleSpanProcessor(ConsoleSpanExporter())
    if traces == "otlp":
        # its protobuf costs every process a start that few make use of
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )

        return BatchSpanProcessor(OTLPSpanExporter())
    if traces == "none":
        return None
    raise ValueError("CLEANCLAIM_TRACES must be none, console, otlp or memory")


def shut_down() -> None:
    """Send what is still held back; call it once at the end of the process."""
    _state["tracing"].provider.shutdown()
    _state["tracing"] = _off()


def finished_spans() -> tuple[ReadableSpan, ...]:
    """The spans kept by `memory`, oldest first; for tests."""
    memory = _state["tracing"].memory
    return memory.get_finished_spans() if memory is not None else ()


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the current span, or None outside of any."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def parent_of(traceparent: str | None) -> Context:
    """The context of a remote span; an empty one when there is none or it is malformed."""
    return _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {}, Context())


@contextmanager
def span(
    name: str,
    attributes: Mapping[Attribute, str | int] | None = None,
    *,
    traceparent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    links: Sequence[Link] = (),
) -> Iterator[trace.Span]:
    """One span around the block, below the current span or the given remote one.

    An exception marks it by its type; its text is never recorded, for it may hold values.
    """
    context = parent_of(traceparent) if traceparent is not None else None
    with _state["tracing"].tracer.start_as_current_span(
        name,
        context,
        kind=kind,
        attributes=plain(attributes or {}),
        links=links,
        record_exception=False,
        set_status_on_exception=False,
    ) as started:
        try:
            yield started
        except BaseException as error:
            fail(started, type(error).__name__)
            raise


def plain(attributes: Mapping[Attribute, str | int]) -> dict[str, str | int]:
    """Attributes as OpenTelemetry takes them; raises ValueError for a name not on the list."""
    return {Attribute(name).value: value for name, value in attributes.items()}


def fail(failed: trace.Span, error_type: str) -> None:
    failed.set_attribute(Attribute.ERROR.value, error_type)
    failed.set_status(Status(StatusCode.ERROR))


def handling(event_type: str, traceparents: Sequence[str | None]) -> AbstractContextManager[None]:
    """Spans around the applying of some events of one type in one statement.

    Each event gets a `process` span below the span that told it; one `process_batch` span links
    to all of them and is the current one.
    """
    return _for_each(Span.PROCESS, Span.PROCESS_BATCH, event_type, traceparents)


def fetching(event_type: str, traceparents: Sequence[str | None]) -> AbstractContextManager[None]:
    """Spans around the one question about some events of one type: `fetch` and `fetch_batch`."""
    return _for_each(Span.FETCH, Span.FETCH_BATCH, event_type, traceparents)


@contextmanager
def _for_each(
    alone: Span, batch: Span, event_type: str, traceparents: Sequence[str | None]
) -> Iterator[None]:
    # The flags stand last; their lowest bit says sampled. Parsing the others costs 10 µs each.
    parents = [parent_of(one) for one in traceparents if one and one[-1] in "13579bdf"]
    recorded = [parent for parent in parents if _is_sampled(parent)]
    links = [Link(trace.get_current_span(parent).get_span_context()) for parent in recorded]
    attributes = {Attribute.EVENT_TYPE: event_type}
    counted = attributes | {Attribute.EVENT_COUNT: len(traceparents)}
    tracer = _state["tracing"].tracer
    # A batch of one needs no span of its own; else each event keeps its own trace.
    with ExitStack() as stack:
        each = [
            stack.enter_context(
                tracer.start_as_current_span(
                    f"{alone} {event_type}",
                    parent,
                    kind=SpanKind.CONSUMER,
                    attributes=plain(attributes),
                    record_exception=False,
                    set_status_on_exception=False,
                )
            )
            for parent in recorded
        ]
        if len(traceparents) != 1 or not each:
            stack.enter_context(span(f"{batch} {event_type}", counted, links=links[:_MOST_LINKS]))
        try:
            yield
        except BaseException as error:
            for one in each:
                fail(one, type(error).__name__)
            raise


def _is_sampled(context: Context) -> bool:
    return bool(trace.get_current_span(context).get_span_context().trace_flags.sampled)
