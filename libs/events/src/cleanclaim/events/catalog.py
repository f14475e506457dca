"""The catalogue: every contract with its teller, listeners, topic, key and privacy class."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.claims import (
    ClaimAcknowledged,
    ClaimHeld,
    ClaimRejected,
    ClaimSubmitted,
    OrganizationConfigured,
    PayerConfigured,
    ProviderConfigured,
)
from cleanclaim.events.denials import DenialOpened, DenialResolved
from cleanclaim.events.envelope import Fact
from cleanclaim.events.intake import EncounterHeld, EncounterReady, PatientRegistered
from cleanclaim.events.reconcile import (
    DepositMatched,
    DepositRecorded,
    VarianceOpened,
    VarianceResolved,
)
from cleanclaim.events.remittance import (
    ClaimDenied,
    ClaimPaymentPosted,
    ClaimPaymentReversed,
    ClaimPaymentUnmatched,
    ProviderAdjustmentPosted,
    RemittanceHeld,
    RemittancePosted,
    RemittanceReceived,
)

Phi = Literal["none", "limited"]
Contract = type[Fact]
_MODEL = re.compile(r"^(?P<name>[A-Za-z]+?)(?:V(?P<major>\d+))?$")
_NAME = re.compile(r"^(?P<stem>cleanclaim\.[a-z]+\.[A-Za-z]+)\.v(?P<major>\d+)$")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic; kept for ever (`retention_ms` -1) unless the operator chooses otherwise."""

    name: str
    teller: str
    partitions: int = 12
    compacted: bool = False
    retention_ms: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One contract; its teller owns it.

    `key` names the field whose id is the Kafka key; `listeners` are services; `outside` says whom
    a fact is for that no service hears; `phi` is the highest class of its fields; `version` is the
    schema's major.minor, where only optional fields may come and go within a major. `upcast` makes
    a fact of this major of one of the major before; each but the first has one.
    """

    type: str
    model: Contract
    teller: str
    topic: str
    key: str
    phi: Phi
    listeners: frozenset[str] = frozenset()
    outside: str = ""
    version: str = "1.0"
    upcast: Callable[[Any], Fact] | None = None

    @property
    def name(self) -> str:
        """The bare name, for example `ClaimSubmitted`."""
        return self.type.split(".")[2]

    @property
    def stem(self) -> str:
        """The full name without its major; all majors of a fact share it."""
        return stem_of(self.type)

    @property
    def major(self) -> int:
        return int(self.type.rpartition(".v")[2])


def stem_of(event_type: str) -> str:
    """An event type's full name without its major."""
    return event_type.rpartition(".v")[0]


def _topics(*topics: Topic) -> dict[str, Topic]:
    return {topic.name: topic for topic in topics}


TOPICS: dict[str, Topic] = _topics(
    Topic("cleanclaim.directory", "claims", compacted=True),
    Topic("cleanclaim.intake", "intake"),
    Topic("cleanclaim.claims", "claims"),
    Topic("cleanclaim.remittances", "remittance"),
    Topic("cleanclaim.postings", "remittance"),
    Topic("cleanclaim.denials", "denials"),
    Topic("cleanclaim.reconciliation", "reconcile"),
    Topic("cleanclaim.journal", "accounts"),
)


def name_and_major(model: type[Fact]) -> tuple[str, int]:
    """Return a fact's name and major: `ClaimHeld` is its v1, `ClaimHeldV2` its v2.

    Raises:
        ValueError: a class name that is none of the two.
    """
    named = _MODEL.match(model.__name__)
    if not named or named["major"] in {"0", "1"}:
        raise ValueError(f"{model.__name__}: name a fact ClaimHeld, its next major ClaimHeldV2")
    return named["name"], int(named["major"] or 1)


def _told(  # noqa: PLR0913 - all but three are named
    model: type[Fact],
    topic: str,
    key: str,
    *heard_by: str,
    outside: str = "",
    phi: Phi = "limited",
    minor: int = 0,
    upcast: Callable[[Any], Fact] | None = None,
) -> Entry:
    teller = TOPICS[topic].teller
    name, major = name_and_major(model)
    return Entry(
        type=f"cleanclaim.{teller}.{name}.v{major}",
        model=model,
        teller=teller,
        topic=topic,
        key=key,
        phi=phi,
        listeners=frozenset(heard_by),
        outside=outside,
        version=f"{major}.{minor}",
        upcast=upcast,
    )


CATALOG: tuple[Entry, ...] = (
    _told(
        OrganizationConfigured,
        "cleanclaim.directory",
        "organization_id",
        *("intake", "remittance", "denials", "reconcile", "accounts"),
        phi="none",
    ),
    _told(
        ProviderConfigured,
        "cleanclaim.directory",
        "provider_id",
        *("remittance", "denials"),
        phi="none",
    ),
    _told(
        PayerConfigured,
        "cleanclaim.directory",
        "payer_id",
        *("intake", "remittance", "denials", "reconcile", "accounts"),
        phi="none",
    ),
    _told(PatientRegistered, "cleanclaim.intake", "patient_id", "accounts"),
    _told(EncounterHeld, "cleanclaim.intake", "encounter_id", outside="causes of unbilled care"),
    _told(EncounterReady, "cleanclaim.intake", "encounter_id", "claims", "accounts"),
    _told(ClaimHeld, "cleanclaim.claims", "claim_id", outside="work queues and clean-claim rates"),
    _told(
        ClaimSubmitted,
        "cleanclaim.claims",
        "claim_id",
        *("intake", "remittance", "denials", "reconcile", "accounts"),
    ),
    _told(ClaimAcknowledged, "cleanclaim.claims", "claim_id", outside="acceptance rates by payer"),
    _told(ClaimRejected, "cleanclaim.claims", "claim_id", "denials"),
    _told(RemittanceReceived, "cleanclaim.remittances", "remittance_id", "reconcile", phi="none"),
    _told(
        RemittanceHeld,
        "cleanclaim.remittances",
        "remittance_id",
        outside="remittances that wait, by cause",
        phi="none",
    ),
    _told(RemittancePosted, "cleanclaim.remittances", "remittance_id", "reconcile", phi="none"),
    _told(ProviderAdjustmentPosted, "cleanclaim.remittances", "remittance_id", "accounts"),
    _told(ClaimPaymentUnmatched, "cleanclaim.remittances", "remittance_id", "accounts"),
    _told(
        ClaimPaymentPosted,
        "cleanclaim.postings",
        "claim_id",
        *("claims", "denials", "reconcile", "accounts"),
    ),
    _told(
        ClaimPaymentReversed,
        "cleanclaim.postings",
        "claim_id",
        *("claims", "denials", "reconcile", "accounts"),
    ),
    _told(ClaimDenied, "cleanclaim.postings", "claim_id", "denials"),
    _told(DenialOpened, "cleanclaim.denials", "claim_id", outside="denial rates by cause"),
    _told(DenialResolved, "cleanclaim.denials", "claim_id", outside="recovery rates and days"),
    _told(DepositRecorded, "cleanclaim.reconciliation", "deposit_id", "accounts", phi="none"),
    _told(DepositMatched, "cleanclaim.reconciliation", "deposit_id", "accounts", phi="none"),
    _told(
        VarianceOpened,
        "cleanclaim.reconciliation",
        "variance_id",
        outside="money that does not agree",
    ),
    _told(VarianceResolved, "cleanclaim.reconciliation", "variance_id", "accounts"),
    _told(JournalPosted, "cleanclaim.journal", "subject_id", "reconcile"),
)

_BY_TYPE = {entry.type: entry for entry in CATALOG}
_BY_MODEL = {entry.model: entry for entry in CATALOG}


def entry_of(model: type[Fact] | Fact) -> Entry:
    """Return the entry of a contract, or of a fact told under it.

    Raises:
        LookupError: the model is not in the catalogue.
    """
    kind = model if isinstance(model, type) else type(model)
    try:
        return _BY_MODEL[kind]
    except KeyError:
        raise LookupError(f"{kind.__name__} is not in the catalogue: add it there") from None


def entry_named(event_type: str) -> Entry | None:
    """Return the entry of a full type name, or None."""
    return _BY_TYPE.get(event_type)


def majors_of(event_type: str) -> tuple[int, ...]:
    """Return the majors known of a type, whichever major its name carries; empty if none."""
    named = _NAME.match(event_type)
    if not named:
        return ()
    stem = named["stem"]
    return tuple(sorted(one.major for one in CATALOG if one.stem == stem))


def key_of(fact: Fact) -> UUID:
    """Return the id that the fact is about: its Kafka key."""
    key: UUID = getattr(fact, entry_of(fact).key)
    return key


def told_by(service: str) -> tuple[Entry, ...]:
    """Return the contracts that a service tells."""
    return tuple(entry for entry in CATALOG if entry.teller == service)


def heard_by(service: str) -> tuple[Entry, ...]:
    """Return the contracts that a service has declared to hear."""
    return tuple(entry for entry in CATALOG if service in entry.listeners)


def topics_told_by(service: str) -> tuple[Topic, ...]:
    """Return the topics that a service publishes; each topic has one publisher."""
    return tuple(topic for topic in TOPICS.values() if topic.teller == service)
