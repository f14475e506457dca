"""An encounter: its immutable versions, the states it goes through, and who may move it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from cleanclaim.intake.domain.charge import Charge
from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.finding import DataEntryFinding, errors_among
from cleanclaim.intake.domain.patient import Patient
from cleanclaim.intake.domain.person import Facility, Practitioner
from cleanclaim.values.errors import Conflict, Invalid, Missing


class EncounterState(StrEnum):
    """`received` is only what has not been examined yet, within one transaction."""

    RECEIVED = "received"
    HELD = "held"
    READY = "ready"
    BILLED = "billed"
    VOIDED = "voided"


class NoSuchEncounter(Missing):
    """The organization has no encounter, or no such version of it."""


class EncounterAlreadyReceived(Conflict):
    """The source sent this external id before; `existing_id` is the encounter it became."""

    def __init__(self, existing_id: UUID) -> None:
        super().__init__(
            f"An encounter of this source and external id was received already: {existing_id}.",
            pointer="/external_id",
            fix=f"Read it at /v1/encounters/{existing_id}, or change it there with PUT.",
        )
        self.existing_id = existing_id


class EncounterAlreadyBilled(Conflict):
    """A claim of it went out; a change now needs a replacement claim."""


class EncounterIsVoided(Conflict):
    """It was voided and stays as it was."""


class ExternalIdFixed(Invalid):
    """What the source calls a thing stays with it for ever."""


class EncounterNotHeld(Conflict):
    """Only a held encounter can be released."""


class EncounterAlreadyHeld(Conflict):
    """A person holds it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """What CLM11 asks: causes AA (auto), EM (employment), OA (other), the day and the state."""

    causes: tuple[str, ...] = ()
    occurred_on: date | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterContent:
    """What the source says of an encounter; missing things are None, money is cents."""

    external_id: str
    source: str
    claim_type: str = "professional"
    self_pay: bool = False
    service_from_on: date | None = None
    service_to_on: date | None = None
    place_of_service: str | None = None
    billing_provider_npi: str | None = None
    rendering_provider: Practitioner | None = None
    referring_provider: Practitioner | None = None
    facility: Facility | None = None
    prior_authorization_number: str | None = None
    assignment_of_benefits: bool | None = None
    release_of_information: bool | None = None
    signature_on_file: bool | None = None
    diagnoses: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    stated_total_charge_cents: int | None = None
    accident: Accident | None = None
    coverage_ids: tuple[UUID, ...] | None = None
    """The coverages to bill; None takes what the patient has in force on the day of service."""

    @property
    def total_charge_cents(self) -> int:
        return sum(charge.charge_cents or 0 for charge in self.charges)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterVersion:
    """One saved state of an encounter with the patient and the coverages it stands on."""

    encounter_id: UUID
    version: int
    received_on: date
    """The day the first version came in, in the organization's time zone."""
    content: EncounterContent
    patient: Patient
    coverages: tuple[Coverage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """Where an encounter stands now; what it says is in its newest version. Money is cents.

    `hold_reason` is the code a person held it for; `billed_version` the newest version that a
    claim was sent for.
    """

    encounter_id: UUID
    patient_id: UUID
    source: str
    version: int
    state: EncounterState
    claim_type: str
    self_pay: bool
    total_charge_cents: int
    received_at: datetime
    updated_at: datetime
    hold_reason: str | None = None
    payer_id: UUID | None = None
    service_from_on: date | None = None
    service_to_on: date | None = None
    error_count: int = 0
    warning_count: int = 0
    billed_version: int | None = None


def standing(
    version: EncounterVersion,
    findings: Sequence[DataEntryFinding],
    *,
    received_at: datetime,
    updated_at: datetime,
    before: Encounter | None = None,
) -> Encounter:
    """Where an encounter stands after this version of it was examined.

    `before` is where it stood; a person's hold and what was billed stay with it.
    """
    content, hold_reason = version.content, before.hold_reason if before else None
    errors = len(errors_among(findings))
    return Encounter(
        encounter_id=version.encounter_id,
        patient_id=version.patient.patient_id,
        source=content.source,
        version=version.version,
        state=settled(findings, hold_reason=hold_reason),
        claim_type=content.claim_type,
        self_pay=content.self_pay,
        total_charge_cents=content.total_charge_cents,
        received_at=received_at,
        updated_at=updated_at,
        hold_reason=hold_reason,
        payer_id=version.coverages[0].payer_id if version.coverages else None,
        service_from_on=content.service_from_on,
        service_to_on=content.service_to_on,
        error_count=errors,
        warning_count=len(findings) - errors,
        billed_version=before.billed_version if before else None,
    )


def settled(
    findings: Iterable[DataEntryFinding], *, hold_reason: str | None = None
) -> EncounterState:
    """Where an examined encounter stands: held by an error or by a person, else ready."""
    if hold_reason is not None or errors_among(findings):
        return EncounterState.HELD
    return EncounterState.READY


def require_changeable(state: EncounterState) -> None:
    """A hold or void is possible. Raises EncounterAlreadyBilled, EncounterIsVoided."""
    if state is EncounterState.BILLED:
        raise EncounterAlreadyBilled(
            "A claim of this encounter was sent; it cannot be changed here any more.",
            fix="Wait for the payer's answer and correct the claim by a replacement.",
        )
    if state is EncounterState.VOIDED:
        raise EncounterIsVoided(
            "This encounter was voided and stays as it was.",
            fix="Send the services as a new encounter with an external id of its own.",
        )


def require_correctable(encounter: Encounter, content: EncounterContent) -> None:
    """The source may say otherwise now, after a claim was sent too: claims decides what follows.

    A claim that was rejected is resent; any other waits for its answer. Only who pays at all does
    not change under a claim that is out.

    Raises:
        EncounterIsVoided: it was taken back.
        EncounterAlreadyBilled: the change would make a billed one self-pay.
    """
    if encounter.state is EncounterState.VOIDED:
        require_changeable(encounter.state)
    if encounter.billed_version is not None and content.self_pay != encounter.self_pay:
        raise EncounterAlreadyBilled(
            "A claim of this encounter was sent to a payer; it cannot become self-pay.",
            pointer="/self_pay",
            fix="Wait for the payer's answer.",
        )


def require_unbilled(encounter: Encounter) -> None:
    """No claim was ever sent. Raises EncounterAlreadyBilled, EncounterIsVoided."""
    billed = encounter.billed_version is not None
    require_changeable(EncounterState.BILLED if billed else encounter.state)


def require_same_source(content: EncounterContent, stands: EncounterContent) -> None:
    """A change keeps what the source calls the encounter. Raises ExternalIdFixed."""
    if (content.source, content.external_id) != (stands.source, stands.external_id):
        raise ExternalIdFixed(
            "Source and external id of an encounter never change.",
            pointer="/external_id",
            fix="Send them as they were first received, or send a new encounter.",
        )


def require_holdable(state: EncounterState, hold_reason: str | None) -> None:
    """A person may hold it. Raises as require_changeable does, and EncounterAlreadyHeld."""
    require_changeable(state)
    if hold_reason is not None:
        raise EncounterAlreadyHeld(
            "A person holds this encounter already.", fix="Release it first to hold it anew."
        )


def require_releasable(state: EncounterState) -> None:
    """It is held. Raises EncounterNotHeld, and as require_changeable does."""
    require_changeable(state)
    if state is not EncounterState.HELD:
        raise EncounterNotHeld(
            "This encounter is not held, so there is nothing to release.",
            fix="Read its state first.",
        )
