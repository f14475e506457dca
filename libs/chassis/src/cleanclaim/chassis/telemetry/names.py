"""Every name of a span, an attribute and a metric; dashboards and alerts may use no other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Span(StrEnum):
    """Names of spans; a server span is named by method and route template instead."""

    PROCESS = "process"
    """One heard event, as a child of the span that told it."""
    PROCESS_BATCH = "process_batch"
    """The events of one type that one transaction applied; it links to each of them."""
    FETCH = "fetch"
    """Asking an owner for what one heard event needs, as a child of the span that told it."""
    FETCH_BATCH = "fetch_batch"
    """Asking an owner for what the events of one type in a batch need; it links to each."""
    PUBLISH = "publish"
    """One batch of the outbox on its way to the broker."""
    ASK_PARTNER = "ask_partner"
    """One question to another service over HTTP, with its tries."""
    RUN_JOB = "run_job"
    """One run of a job for one organization."""
    TAKE_FILE = "take_file"
    """One inbound file from claim to archive."""
    COMMAND = "command"
    """One command of a domain, where a service wants to see it apart."""


class Attribute(StrEnum):
    """The only attributes a span may carry; none of them can hold PHI."""

    SERVICE = "cleanclaim.service"
    ORGANIZATION = "cleanclaim.organization_id"
    EVENT_TYPE = "cleanclaim.event_type"
    EVENT_COUNT = "cleanclaim.event_count"
    JOB = "cleanclaim.job"
    FILE_KIND = "cleanclaim.file_kind"
    COMMAND = "cleanclaim.command"
    PARTNER = "cleanclaim.partner"
    REQUEST_ID = "cleanclaim.request_id"
    ROUTE = "http.route"
    METHOD = "http.request.method"
    STATUS = "http.response.status_code"
    TOPIC = "messaging.destination.name"
    ERROR = "error.type"


Kind = Literal["counter", "gauge", "histogram"]
SKIPPED = ("unknown_type", "unknown_major")
"""Why an event of a topic that is heard is passed over and counted."""
SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: full name, what it is, its labels and what it tells an operator."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    comment: str
    buckets: tuple[float, ...] = SHORT


HTTP_REQUESTS = Metric(
    "cleanclaim_http_requests",
    "counter",
    ("service", "method", "route", "status"),
    "Requests served, by route template and status: the rate and the errors.",
)
HTTP_REQUEST_SECONDS = Metric(
    "cleanclaim_http_request_seconds",
    "histogram",
    ("service", "method", "route"),
    "How long requests took until their last byte.",
)
OUTBOX_PENDING = Metric(
    "cleanclaim_outbox_pending",
    "gauge",
    ("service",),
    "Facts told but not yet published, counted every quarter of a minute.",
)
OUTBOX_OLDEST_SECONDS = Metric(
    "cleanclaim_outbox_oldest_seconds",
    "gauge",
    ("service",),
    "Age of the oldest fact not yet published; grows while the broker is away.",
)
EVENTS_PUBLISHED = Metric(
    "cleanclaim_events_published",
    "counter",
    ("service",),
    "Facts that the broker acknowledged.",
)
EVENTS_HANDLED = Metric(
    "cleanclaim_events_handled",
    "counter",
    ("service",),
    "Events taken off the stream and settled, whatever came of them.",
)
EVENTS_DUPLICATE = Metric(
    "cleanclaim_events_duplicate",
    "counter",
    ("service",),
    "Events that the inbox knew already; normal after a restart.",
)
EVENTS_SKIPPED = Metric(
    "cleanclaim_events_skipped",
    "counter",
    ("service", "topic", "outcome"),
    "Events passed over: a type that no catalogue names, or an unknown major of one heard here.",
)
EVENTS_PARKED = Metric(
    "cleanclaim_events_parked",
    "counter",
    ("service",),
    "Events parked because they, or an earlier one of their key, could not be applied.",
)
PARKED_KEYS = Metric(
    "cleanclaim_parked_keys",
    "gauge",
    ("service",),
    "Keys that wait for a person; each holds back all later events of its key.",
)
BATCH_SECONDS = Metric(
    "cleanclaim_batch_seconds",
    "histogram",
    ("service",),
    "How long the consumer took to apply one batch in one transaction.",
)
CONSUMER_LAG_RECORDS = Metric(
    "cleanclaim_consumer_lag_records",
    "gauge",
    ("service", "topic", "partition"),
    "Events in a partition that this consumer has not settled yet.",
)
CONSUMER_LAG_SECONDS = Metric(
    "cleanclaim_consumer_lag_seconds",
    "gauge",
    ("service", "topic"),
    "Age of the oldest event of a topic that this consumer has not settled yet.",
)
BREAKER_OPEN = Metric(
    "cleanclaim_breaker_open",
    "gauge",
    ("service",),
    "1 while the consumer has stopped because too many events failed, else 0.",
)
CONSUMER_PAUSED = Metric(
    "cleanclaim_consumer_paused",
    "gauge",
    ("service", "topic", "partition"),
    "1 while a partition waits for a database, a broker or a partner, else 0.",
)
PARTNER_REQUESTS = Metric(
    "cleanclaim_partner_requests",
    "counter",
    ("service", "partner", "outcome"),
    "Questions to other services by their outcome: ok, missing, forbidden, unavailable, invalid.",
)
PARTNER_SECONDS = Metric(
    "cleanclaim_partner_seconds",
    "histogram",
    ("service", "partner"),
    "How long questions to other services took, with their tries.",
)
MAILBOX_FILES = Metric(
    "cleanclaim_mailbox_files",
    "counter",
    ("service", "direction", "outcome"),
    "Files put (outbound) and taken (inbound) by their outcome: put, archived, failed, released.",
)
MAILBOX_WAITING = Metric(
    "cleanclaim_mailbox_waiting",
    "gauge",
    ("service",),
    "Inbound files that nobody had claimed when this service last looked, of whatever kind.",
)
JOB_RUNS = Metric(
    "cleanclaim_job_runs",
    "counter",
    ("service", "job", "outcome"),
    "Runs of jobs by their outcome: ok or failed.",
)
JOB_SECONDS = Metric(
    "cleanclaim_job_seconds",
    "histogram",
    ("service", "job"),
    "How long one run of a job took for one organization.",
    (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0),
)
WORK_ITEMS_OPEN = Metric(
    "cleanclaim_work_items_open",
    "gauge",
    ("service", "kind"),
    "Work items that wait for a person.",
)
CLAIMS_IN_STATE = Metric(
    "cleanclaim_claims_in_state",
    "gauge",
    ("state",),
    "Claims by their state.",
)
DENIALS_IN_STATUS = Metric(
    "cleanclaim_denials_in_status",
    "gauge",
    ("status",),
    "Denial cases by their status; over decided claims they are the denial rate.",
)
UNMATCHED_REMITTANCES = Metric(
    "cleanclaim_unmatched_remittances",
    "gauge",
    (),
    "Claim payments whose claim was not found, and which wait as unapplied insurance cash.",
)
HELD_REMITTANCES = Metric(
    "cleanclaim_held_remittances",
    "gauge",
    (),
    "Remittances held whole, because they do not balance or their payer or payee is unknown.",
)
VARIANCES_OPEN = Metric(
    "cleanclaim_variances_open",
    "gauge",
    ("kind",),
    "Variances between remittances and the bank that nobody has resolved.",
)
VARIANCE_CENTS_OPEN = Metric(
    "cleanclaim_variance_cents_open",
    "gauge",
    ("kind",),
    "Cents by which open variances are off, whichever way.",
)
LOG_FIELDS_DROPPED = Metric(
    "cleanclaim_log_fields_dropped",
    "counter",
    ("service",),
    "Fields that code tried to log and that the allow-list does not name; should be 0.",
)
LOG_TEXTS_REDACTED = Metric(
    "cleanclaim_log_texts_redacted",
    "counter",
    ("service",),
    "Logged texts in which the last net found something that looks like PHI; should be 0.",
)

METRICS: tuple[Metric, ...] = tuple(
    metric for metric in list(globals().values()) if isinstance(metric, Metric)
)
"""All of them, in the order in which they stand above."""
