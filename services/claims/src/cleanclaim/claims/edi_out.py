"""How 837P says a claim: claim version, encounter and directory together, as 005010X222A1."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.claims.domain.claim import ClaimVersion
from cleanclaim.claims.domain.directory import (
    BusinessAddress,
    Connection,
    Directory,
    PayerVersion,
    ProviderVersion,
)
from cleanclaim.claims.domain.edits import Finding
from cleanclaim.claims.domain.encounter import (
    EncounterCharge,
    EncounterCoverage,
    EncounterVersion,
    Facility,
    Person,
    PostalAddress,
    Practitioner,
)
from cleanclaim.x12 import (
    Address,
    Claim837P,
    Contact,
    ContactNumber,
    DateFact,
    Diagnosis,
    Envelope,
    Party,
    Patient,
    Procedure,
    Reference,
    ServiceLine837P,
    Subscriber,
    Unwritable,
    build_837p,
)

SELF = "18"
SSN_STAND_IN = "000000000"
"""Stands for a sealed social security number while a claim is only tried, never in a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What one claim is written from; `tax_id` is nine digits, kept out of every log."""

    claim: ClaimVersion
    encounter: EncounterVersion
    provider: ProviderVersion
    payer: PayerVersion
    connection: Connection
    tax_id: str = ""

    def order(self) -> tuple[str, ...]:
        """Claims of one billing provider, payer and subscriber stand together in the file."""
        coverage = _coverage(self)
        who = coverage.subscriber
        return (
            self.provider.npi,
            self.payer.payer_identifier,
            coverage.member_id,
            who.last_name,
            who.first_name,
            self.claim.patient_control_number,
        )


def sending_of(
    claim: ClaimVersion,
    encounter: EncounterVersion,
    directory: Directory,
    *,
    ssns: Mapping[tuple[UUID, date], str] | None = None,
) -> Sending | None:
    """The pieces of one claim, None where the directory lacks one (an edit has said so)."""
    day = claim.service_from_on
    payer = directory.payers.get(claim.payer_id)
    provider = directory.providers.get(claim.billing_provider_npi)
    terms = payer.version_on(day) if payer else None
    biller = provider.version_on(day) if provider else None
    connection_id = payer.connection_id if payer else None
    connection = directory.connections.get(connection_id) if connection_id else None
    if terms is None or provider is None or biller is None or connection is None:
        return None
    ssn = (ssns or {}).get((provider.provider_id, biller.effective_from_on), SSN_STAND_IN)
    tax_id = biller.tin if biller.tin_kind == "ein" else ssn
    return Sending(
        claim=claim,
        encounter=encounter,
        provider=biller,
        payer=terms,
        connection=connection,
        tax_id=tax_id or "",
    )


def as_claim(sending: Sending) -> Claim837P:
    """The claim as the X12 library's type."""
    claim, encounter, coverage = sending.claim, sending.encounter, _coverage(sending)
    is_self = coverage.relationship == SELF
    accident = encounter.accident
    return Claim837P(
        submitter=_submitter(sending.connection),
        receiver=_receiver(sending.connection),
        billing_provider=_billing_provider(sending),
        subscriber=_subscriber(encounter, coverage, sending.payer),
        payer=Party(
            entity="PR",
            name=sending.payer.name,
            identifier_qualifier="PI",
            identifier=sending.payer.payer_identifier,
        ),
        patient=None if is_self else _patient(encounter.patient, coverage.relationship),
        patient_control_number=claim.patient_control_number,
        charge_cents=claim.total_charge_cents,
        place_of_service=claim.facility_code,
        frequency=claim.frequency_code,
        provider_signature="Y" if encounter.signature_on_file else "N",
        accepts_assignment="A",
        benefits_assigned="Y" if encounter.assignment_of_benefits else "N",
        release_of_information="Y" if encounter.release_of_information else "I",
        related_causes=list(accident.causes) if accident else [],
        accident_state=accident.state if accident else "",
        dates=[DateFact("439", accident.occurred_on)] if accident and accident.occurred_on else [],
        references=_authorization(encounter),
        diagnoses=[
            Diagnosis("ABK" if place == 0 else "ABF", code.replace(".", ""))
            for place, code in enumerate(claim.diagnosis_codes)
        ],
        providers=list(_providers(encounter, claim.billing_provider_npi)),
        lines=[
            _line(charge, line.line_control_number, claim.facility_code)
            for charge, line in zip(encounter.charges, claim.lines, strict=True)
        ],
    )


def _coverage(sending: Sending) -> EncounterCoverage:
    wanted = sending.claim.coverage_id
    return next(one for one in sending.encounter.coverages if one.coverage_id == wanted)


def _submitter(connection: Connection) -> Party:
    number = ContactNumber("TE", connection.contact_phone)
    return Party(
        entity="41",
        name=connection.submitter_name,
        identifier_qualifier="46",
        identifier=connection.sender_id,
        contacts=[Contact("IC", connection.contact_name, [number])],
    )


def _receiver(connection: Connection) -> Party:
    return Party(
        entity="40",
        name=connection.receiver_name,
        identifier_qualifier="46",
        identifier=connection.receiver_id,
    )


def _billing_provider(sending: Sending) -> Party:
    provider = sending.provider
    qualifier = "EI" if provider.tin_kind == "ein" else "SY"
    return Party(
        entity="85",
        name=provider.name,
        identifier_qualifier="XX",
        identifier=provider.npi,
        address=_business_address(provider.address),
        taxonomy=provider.taxonomy_code,
        references=[Reference(qualifier, sending.tax_id)],
    )


def _business_address(address: BusinessAddress) -> Address:
    return Address(
        line_1=address.street,
        line_2=address.street_second_line or "",
        city=address.city,
        state=address.state,
        postal_code=address.postal_code,
    )


def _address(address: PostalAddress | None) -> Address | None:
    if address is None:
        return None
    return Address(
        line_1=address.line_1,
        line_2=address.line_2,
        city=address.city,
        state=address.state,
        postal_code=address.postal_code.replace("-", ""),
    )


def _subscriber(
    encounter: EncounterVersion, coverage: EncounterCoverage, payer: PayerVersion
) -> Subscriber:
    """SBR and NM1*IL; where the patient is the subscriber, 2010BA also carries who he is."""
    is_self = coverage.relationship == SELF
    who = encounter.patient if is_self else coverage.subscriber
    party = _person("IL", who, full=is_self)
    party.identifier_qualifier, party.identifier = "MI", coverage.member_id
    return Subscriber(
        payer_responsibility=coverage.order,
        relationship=SELF if is_self else "",
        group_number=coverage.group_number,
        filing_indicator=coverage.filing_indicator or payer.claim_filing_indicator,
        party=party,
    )


def _patient(patient: Person, relationship: str) -> Patient:
    return Patient(relationship=relationship, party=_person("QC", patient, full=True))


def _person(entity: str, who: Person, *, full: bool) -> Party:
    """`full`: with address, birth day and sex, as the person treated needs them."""
    return Party(
        entity=entity,
        is_person=True,
        name=who.last_name,
        first_name=who.first_name,
        middle_name=who.middle_name,
        address=_address(who.address) if full else None,
        birth_on=who.birth_on if full else None,
        sex=who.sex if full else "",
    )


def _authorization(encounter: EncounterVersion) -> list[Reference]:
    number = encounter.prior_authorization_number
    return [Reference("G1", number)] if number else []


def _providers(encounter: EncounterVersion, billing_npi: str) -> Iterator[Party]:
    rendering = encounter.rendering_provider
    # 2310B is for somebody other than the billing provider (005010X222A1)
    if rendering and rendering.npi != billing_npi:
        yield _practitioner("82", rendering)
    if encounter.referring_provider:
        referring = _practitioner("DN", encounter.referring_provider)
        referring.taxonomy = ""  # loop 2310A has no PRV
        yield referring
    if encounter.facility:
        yield _facility(encounter.facility)


def _practitioner(entity: str, who: Practitioner) -> Party:
    return Party(
        entity=entity,
        is_person=True,
        name=who.last_name,
        first_name=who.first_name,
        identifier_qualifier="XX",
        identifier=who.npi,
        taxonomy=who.taxonomy_code,
    )


def _facility(facility: Facility) -> Party:
    return Party(
        entity="77",
        name=facility.name,
        identifier_qualifier="XX" if facility.npi else "",
        identifier=facility.npi,
        address=_address(facility.address),
    )


def _line(charge: EncounterCharge, control_number: str, claim_place: str) -> ServiceLine837P:
    ends = charge.service_to_on if charge.service_to_on != charge.service_from_on else None
    own_place = charge.place_of_service if charge.place_of_service != claim_place else ""
    return ServiceLine837P(
        procedure=Procedure("HC", charge.procedure_code, list(charge.modifiers)),
        charge_cents=charge.charge_cents,
        unit=charge.unit,
        units=charge.units,
        place_of_service=own_place,
        diagnosis_pointers=list(charge.diagnosis_pointers),
        dates=[DateFact("472", charge.service_from_on, ends)],
        references=[Reference("6R", control_number)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHead:
    """Numbers and marks of one file; `prepared_at` is the organization's local time."""

    interchange: int
    group: int
    usage: str
    prepared_at: datetime
    claims_per_set: int = 5_000


def unwritable(sending: Sending, *, on: datetime) -> list[Finding]:
    """Try to write the claim alone: what the guide's elements cannot hold is found, not sent."""
    try:
        write_file([sending], FileHead(interchange=1, group=1, usage="T", prepared_at=on))
    except Unwritable as error:
        return [
            Finding(
                rule_id="x12.unwritable",
                message=f"An 837P cannot say this claim: {error}",
                fix="Correct the value at that place in intake or in the directory.",
            )
        ]
    return []


def write_file(sendings: Sequence[Sending], head: FileHead) -> bytes:
    """One interchange with one group; `sendings` share a connection and are in `order()`.

    Raises Unwritable.
    """
    connection = sendings[0].connection
    envelope = Envelope(
        sender=connection.sender_id,
        receiver=connection.receiver_id,
        sender_qualifier=connection.sender_qualifier,
        receiver_qualifier=connection.receiver_qualifier,
        interchange_control_number=head.interchange,
        group_control_number=head.group,
        prepared_at=head.prepared_at,
        usage=head.usage,
        acknowledgement_requested=False,
    )
    return build_837p(
        [as_claim(one) for one in sendings],
        envelope=envelope,
        reference=f"{head.interchange:09d}",
        claims_per_set=head.claims_per_set,
    )


def excerpt(content: bytes, patient_control_number: str) -> bytes | None:
    """The part of a file of ours that says one claim: its segments as sent, in their envelope.

    Only the counts of SE, GE are those of the excerpt. None where the claim is not in the file.
    """
    marker = f"CLM*{patient_control_number}*".encode()
    if marker not in content:
        return None
    # files of ours have the library's default delimiters
    segments = content.split(b"~")[:-1]
    heads: dict[str, list[bytes]] = {}
    level, found = "head", False
    claim: list[bytes] = []
    for segment in segments:
        name = segment.split(b"*", 1)[0]
        if found and name in {b"CLM", b"HL", b"SE"}:
            return _closed(heads, claim)
        if name in {b"ISA", b"GS", b"ST", b"HL", b"CLM"}:
            level = _level_of(name, segment)
            _forget(heads, level)
            found = segment.startswith(marker)
        (claim if found else heads.setdefault(level, [])).append(segment)
    return None


_LEVELS = ("ISA", "GS", "ST", "20", "22", "23", "CLM")


def _level_of(name: bytes, segment: bytes) -> str:
    return segment.split(b"*")[3].decode() if name == b"HL" else name.decode()


def _forget(heads: dict[str, list[bytes]], level: str) -> None:
    """A new head ends the ones of its own level and below."""
    for ended in _LEVELS[_LEVELS.index(level) :]:
        heads.pop(ended, None)


def _closed(heads: dict[str, list[bytes]], claim: list[bytes]) -> bytes:
    inside = [one for level in ("ST", "20", "22", "23") for one in heads.get(level, [])] + claim
    around = heads.get("ISA", []) + heads.get("GS", [])
    numbers = [one.split(b"*") for one in around]
    set_number = inside[0].split(b"*")[2]
    ends = [
        b"SE*%d*%s" % (len(inside) + 1, set_number),
        b"GE*1*%s" % next(one[6] for one in numbers if one[0] == b"GS"),
        b"IEA*1*%s" % next(one[13] for one in numbers if one[0] == b"ISA"),
    ]
    return b"".join(one + b"~" for one in [*around, *inside, *ends])
