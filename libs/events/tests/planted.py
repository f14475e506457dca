"""Two later majors of PatientRegistered, planted into the catalogue for a test."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import pytest

from cleanclaim.events import catalog
from cleanclaim.events.catalog import Entry, entry_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.intake import PatientRegistered
from cleanclaim.events.vocabulary import Code, limited


class PatientRegisteredV2(Fact):
    """The version became a revision, and the way of registration is told."""

    patient_id: Annotated[UUID, limited("Our id of the patient.")]
    patient_account_id: Annotated[UUID, limited("Account of the patient.")]
    revision: Annotated[int, limited("Revision of the patient's record.", ge=1)]
    registered_by: Annotated[Code, limited("front_desk, import or unknown.")]


class PatientRegisteredV3(Fact):
    """The revision counts from 0."""

    patient_id: Annotated[UUID, limited("Our id of the patient.")]
    patient_account_id: Annotated[UUID, limited("Account of the patient.")]
    revision_from_zero: Annotated[int, limited("Revision, the first is 0.", ge=0)]
    registered_by: Annotated[Code, limited("front_desk, import or unknown.")]


def v2_of_v1(old: PatientRegistered) -> PatientRegisteredV2:
    return PatientRegisteredV2(
        patient_id=old.patient_id,
        patient_account_id=old.patient_account_id,
        revision=old.patient_version,
        registered_by="unknown",
    )


def v3_of_v2(old: PatientRegisteredV2) -> PatientRegisteredV3:
    return PatientRegisteredV3(
        patient_id=old.patient_id,
        patient_account_id=old.patient_account_id,
        revision_from_zero=old.revision - 1,
        registered_by=old.registered_by,
    )


V1 = entry_of(PatientRegistered)
V2 = replace(V1, type=f"{V1.stem}.v2", model=PatientRegisteredV2, version="2.0", upcast=v2_of_v1)
V3 = replace(V1, type=f"{V1.stem}.v3", model=PatientRegisteredV3, version="3.0", upcast=v3_of_v2)


def plant(monkeypatch: pytest.MonkeyPatch, *entries: Entry) -> None:
    """Put entries into the catalogue until the test ends."""
    monkeypatch.setattr(catalog, "CATALOG", (*catalog.CATALOG, *entries))
    for entry in entries:
        monkeypatch.setitem(catalog._BY_TYPE, entry.type, entry)
        monkeypatch.setitem(catalog._BY_MODEL, entry.model, entry)
