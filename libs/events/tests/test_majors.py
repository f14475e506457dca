"""A consumer of a newer major reads every older one through a chain of pure functions."""

from dataclasses import replace

import pytest

from cleanclaim.events.catalog import entry_of, majors_of, name_and_major
from cleanclaim.events.denials import DenialOpened
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_of
from cleanclaim.events.generate.schemas import body_schema
from cleanclaim.events.intake import PatientRegistered
from cleanclaim.events.majors import lifted, lineage, missing_steps, successor_id
from cleanclaim.events.wire import UndecodableError, decode, encode

from .planted import V1, V2, V3, PatientRegisteredV2, PatientRegisteredV3, plant


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, V2, V3)


def test_the_oldest_major_is_read_as_the_newest_through_every_step() -> None:
    old = example_of(PatientRegistered)
    assert isinstance(old.fact, PatientRegistered)

    new = lifted(old, PatientRegisteredV3)

    assert new.fact == PatientRegisteredV3(
        patient_id=old.fact.patient_id,
        patient_account_id=old.fact.patient_account_id,
        revision_from_zero=old.fact.patient_version - 1,
        registered_by="unknown",
    )
    assert (new.envelope.event_type, new.envelope.schema_version) == (V3.type, "3.0")


def test_all_else_of_the_envelope_is_the_older_ones() -> None:
    old = example_of(PatientRegistered)

    new = lifted(old, PatientRegisteredV2).envelope

    same = {"event_type": old.envelope.event_type, "schema_version": "1.0"}
    assert replace(new, event_id=old.envelope.event_id, **same) == old.envelope


def test_a_lifted_fact_has_the_id_that_its_teller_gives_the_newer_major() -> None:
    old = example_of(PatientRegistered)
    second = successor_id(old.envelope.event_id, V2.type)

    assert lifted(old, PatientRegisteredV2).envelope.event_id == second
    assert lifted(old, PatientRegisteredV3).envelope.event_id == successor_id(second, V3.type)


def test_the_newest_major_is_read_as_it_is() -> None:
    new = lifted(example_of(PatientRegistered), PatientRegisteredV3)
    record = encode(new.envelope, new.fact)

    heard = decode(key=record.key, headers=dict(record.headers), value=record.value)

    assert heard == new == lifted(heard, PatientRegisteredV3)


def test_a_chain_leads_from_every_older_major_and_from_no_other_fact() -> None:
    assert lineage(V3) == (V1, V2, V3)
    assert lineage(V1) == (V1,)
    assert majors_of(V1.type) == (1, 2, 3)
    with pytest.raises(LookupError, match=r"no chain of upcasts leads from .*DenialOpened\.v1"):
        lifted(example_of(DenialOpened), PatientRegisteredV3)
    with pytest.raises(LookupError, match=r"leads from .*V?3? ?"):
        lifted(lifted(example_of(PatientRegistered), PatientRegisteredV3), PatientRegistered)


def test_a_step_that_breaks_its_model_names_the_rule_and_no_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(old: PatientRegistered) -> PatientRegisteredV2:
        return PatientRegisteredV2.model_validate(
            {"patient_id": "secret-4711", "patient_account_id": old.patient_account_id}
        )

    plant(monkeypatch, replace(V2, upcast=broken))

    with pytest.raises(UndecodableError) as refused:
        lifted(example_of(PatientRegistered), PatientRegisteredV2)
    assert "its upcast broke its model: is_instance_of, missing" in refused.value.reason
    assert "secret-4711" not in str(refused.value)


def test_a_newer_major_names_its_own_model_and_schema() -> None:
    assert name_and_major(PatientRegisteredV2) == ("PatientRegistered", 2)
    assert body_schema(V2)["properties"]["schema_version"]["pattern"] == r"^2\.\d+$"
    assert entry_of(PatientRegisteredV2) is V2


@pytest.mark.parametrize("name", ["ClaimHeldV1", "ClaimHeldV0", "claim_held"])
def test_a_class_name_that_hides_its_major_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name a fact ClaimHeld, its next major ClaimHeldV2"):
        name_and_major(type(name, (Fact,), {"__doc__": "A fact."}))


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((V1, V2, V3), None),
        ((V2,), "v1 is gone from the catalogue: keep it"),
        ((V1, V3), "v2 is gone from the catalogue: keep it"),
        ((V1, replace(V2, upcast=None)), "name the pure function that makes it of v1 as `upcast`"),
        ((V1, replace(V2, topic="cleanclaim.claims")), "topic or key differ from v1's"),
        ((V1, replace(V2, key="patient_account_id")), "topic or key differ from v1's"),
    ],
)
def test_a_major_without_its_step_is_refused_with_what_to_do(entries, said) -> None:  # type: ignore[no-untyped-def]
    found = missing_steps(entries)

    assert len(found) == (said is not None)
    assert said is None or said in found[0]
