"""The metrics of this process, made from the list of names; `registry` is what /metrics shows."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from cleanclaim.chassis.telemetry import names

registry = CollectorRegistry()
ProcessCollector(registry=registry)  # memory, CPU and open files of this process


def _counter(metric: names.Metric) -> Counter:
    return Counter(metric.name, metric.comment, metric.labels, registry=registry)


def _gauge(metric: names.Metric) -> Gauge:
    return Gauge(metric.name, metric.comment, metric.labels, registry=registry)


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
denial_rate = _gauge(names.DENIAL_RATE)
unmatched_remittances = _gauge(names.UNMATCHED_REMITTANCES)
held_remittances = _gauge(names.HELD_REMITTANCES)
log_fields_dropped = _counter(names.LOG_FIELDS_DROPPED)
log_texts_redacted = _counter(names.LOG_TEXTS_REDACTED)
