"""The metrics of this process, made from the list of names; `registry` is what /metrics shows."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from cleanclaim.chassis.telemetry import names

registry = CollectorRegistry()
_GAUGES: dict[str, Gauge] = {}
ProcessCollector(registry=registry)  # memory, CPU and open files of this process


def _counter(metric: names.Metric) -> Counter:
    return Counter(metric.name, metric.comment, metric.labels, registry=registry)


def _gauge(metric: names.Metric) -> Gauge:
    made = Gauge(metric.name, metric.comment, metric.labels, registry=registry)
    _GAUGES[metric.name] = made
    return made


def gauge_of(metric: names.Metric) -> Gauge:
    """The gauge of that name. Raises KeyError where it is none."""
    return _GAUGES[metric.name]


def begin(service: str, *, topics: Iterable[str] = ()) -> None:
    """Show what is counted by service alone as 0, so that its first event is seen as a rise."""
    for counter in (
        events_published, events_handled, events_duplicate, events_parked,
        log_fields_dropped, log_texts_redacted,
    ):  # fmt: skip
        counter.labels(service)
    for gauge in (outbox_pending, outbox_oldest_seconds, parked_keys, breaker_open):
        gauge.labels(service)
    for topic in topics:
        for outcome in names.SKIPPED:
            events_skipped.labels(service, topic, outcome)


def _histogram(metric: names.Metric) -> Histogram:
    return Histogram(
        metric.name, metric.comment, metric.labels, registry=registry, buckets=metric.buckets
    )


http_requests = _counter(names.HTTP_REQUESTS)
http_request_seconds = _histogram(names.HTTP_REQUEST_SECONDS)
outbox_pending = _gauge(names.OUTBOX_PENDING)
outbox_oldest_seconds = _gauge(names.OUTBOX_OLDEST_SECONDS)
events_published = _counter(names.EVENTS_PUBLISHED)
events_handled = _counter(names.EVENTS_HANDLED)
events_duplicate = _counter(names.EVENTS_DUPLICATE)
events_skipped = _counter(names.EVENTS_SKIPPED)
events_parked = _counter(names.EVENTS_PARKED)
parked_keys = _gauge(names.PARKED_KEYS)
batch_seconds = _histogram(names.BATCH_SECONDS)
consumer_lag_records = _gauge(names.CONSUMER_LAG_RECORDS)
consumer_lag_seconds = _gauge(names.CONSUMER_LAG_SECONDS)
breaker_open = _gauge(names.BREAKER_OPEN)
consumer_paused = _gauge(names.CONSUMER_PAUSED)
partner_requests = _counter(names.PARTNER_REQUESTS)
partner_seconds = _histogram(names.PARTNER_SECONDS)
mailbox_files = _counter(names.MAILBOX_FILES)
mailbox_waiting = _gauge(names.MAILBOX_WAITING)
job_runs = _counter(names.JOB_RUNS)
job_seconds = _histogram(names.JOB_SECONDS)
work_items_open = _gauge(names.WORK_ITEMS_OPEN)
claims_in_state = _gauge(names.CLAIMS_IN_STATE)
denials_in_status = _gauge(names.DENIALS_IN_STATUS)
unmatched_remittances = _gauge(names.UNMATCHED_REMITTANCES)
held_remittances = _gauge(names.HELD_REMITTANCES)
variances_open = _gauge(names.VARIANCES_OPEN)
variance_cents_open = _gauge(names.VARIANCE_CENTS_OPEN)
log_fields_dropped = _counter(names.LOG_FIELDS_DROPPED)
log_texts_redacted = _counter(names.LOG_TEXTS_REDACTED)
