"""The institutional claim: what is read, what must balance, what is refused when it is written."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cleanclaim.x12 import (
    Adjustment,
    Amount,
    InstitutionalDiagnosis,
    LineAdjudication,
    Occurrence,
    OtherSubscriber,
    Procedure,
    Unwritable,
    acknowledgements_for,
    build_837i,
    parse,
)
from cleanclaim.x12.testing import judged_by_pyx12

from .builders import a_payer, a_person, an_envelope, unplaced
from .institutional import a_bill, a_physician, a_procedure, a_revenue_line

SAMPLES = Path(__file__).parent.parent / "samples"
INPATIENT = (SAMPLES / "inpatient_claim.edi").read_bytes()
EDITIONS = ("005010X223", "005010X223A1", "005010X223A2", "005010X223A3")


def written(*claims):
    return build_837i(claims, envelope=an_envelope(), reference="B1")


def test_the_inpatient_claim_says_all_that_a_stay_needs():
    (claim,) = parse(INPATIENT).institutional_claims
    assert (claim.type_of_bill, claim.patient_status, claim.drg) == ("111", "01", "343")
    assert (claim.admission_type, claim.admission_source) == ("1", "2")
    assert claim.statement_from_on == claim.admitted_on == date(2026, 1, 5)
    assert claim.statement_through_on == date(2026, 1, 9)
    assert (claim.admission_hour, claim.discharge_hour) == ("1130", "1030")
    assert (claim.principal_diagnosis, claim.admitting_diagnosis) == ("K3580", "R1031")
    assert claim.diagnoses[0].present_on_admission == "Y"
    assert [done.code for done in claim.procedures] == ["0DTJ4ZZ", "3E0T3BZ"]
    assert claim.values[0].quantity == Decimal(4)
    assert (claim.conditions, claim.occurrences[0].code) == (["09", "C5"], "11")
    assert claim.attending_provider.taxonomy == "208M00000X"
    assert claim.operating_physician.npi == "1770438210"
    assert claim.lines[1].non_covered_cents == 12_45
    assert (claim.lines[0].unit, claim.lines[0].units) == ("DA", 4)
    assert claim.line_total_cents == claim.charge_cents == 12212_45


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_is_read_as_the_addendum(edition):
    document = parse(INPATIENT.replace(b"005010X223A2", edition.encode()))
    assert document.findings == []
    assert document.transaction_sets[0].kind == "837I"


# what is done to the clean file -> (rule, segment, element, component)
SPOILED = {
    "total": ((b"PCNI1*12212.45", b"PCNI1*12212.46"), ("claim-balance", "CLM", 2, 0)),
    "statement": ((b"DTP*434*RD8*20260105-20260109", b"DTP*434*D8*20260105"),
                  ("code-not-used", "DTP", 2, 0)),
    "discharge hour": ((b"TM*1030", b"TM*2530"), ("no-such-day", "DTP", 3, 0)),
    "admission hour": ((b"202601051130", b"202601052530"), ("no-such-day", "DTP", 3, 0)),
    "occurrence day": ((b"BH:11:D8:20260104", b"BH:11:D8:20260134"), ("no-such-day", "HI", 1, 4)),
    "span backwards": ((b"RD8:20260105-20260109", b"RD8:20260109-20260105"),
                       ("no-such-day", "HI", 1, 4)),
    "admission missing": ((b"CL1*1*2*01~\n", b""), ("segment-missing", "CL1", 0, 0)),
    "present on admission": ((b"K3580:::::::Y", b"K3580:::::::Q"),
                             ("code-not-used", "HI", 1, 9)),
    "revenue line without units": ((b"SV2*0360**6200*UN*1~", b"SV2*0360**6200*UN~"),
                                   ("element-missing", "SV2", 5, 0)),
}  # fmt: skip


@pytest.mark.parametrize(("change", "found"), SPOILED.values(), ids=SPOILED)
def test_a_fault_is_found_where_it_is(change, found):
    document = parse(INPATIENT.replace(*change))
    places = [(f.rule, f.segment_id, f.element, f.component) for f in document.findings]
    assert [place for place in places if place[0] != "se-count"] == [found]


def test_a_value_amount_that_nobody_can_read_parks_the_claim():
    document = parse(INPATIENT.replace(b"BE:01:::1200", b"BE:01:::12OO"))
    (parked,) = document.unreadable_claims
    assert parked.patient_control_number == "PCNI1"
    assert document.institutional_claims == []


def test_a_999_rejects_a_faulty_set_and_accepts_a_clean_one():
    faulty = INPATIENT.replace(b"CL1*1*2*01~\n", b"").replace(b"SE*55", b"SE*54")
    assert [a.status for a in acknowledgements_for(parse(INPATIENT))] == ["A"]
    assert [a.status for a in acknowledgements_for(parse(faulty))] == ["R"]


def another_payer(paid_cents, adjustments=()):
    subscriber = a_person()
    subscriber.birth_on, subscriber.sex = None, ""
    return OtherSubscriber(
        payer_responsibility="P",
        relationship="18",
        filing_indicator="CI",
        benefits_assigned="Y",
        release_of_information="Y",
        amounts=[Amount("D", paid_cents)],
        adjustments=list(adjustments),
        subscriber=subscriber,
        payer=a_payer(),
    )


def decided(paid_cents, *adjustments):
    return LineAdjudication(
        payer_identifier="60054",
        paid_cents=paid_cents,
        procedure=Procedure("HC", "99283"),
        revenue_code="0450",
        units_paid=Decimal(1),
        adjustments=list(adjustments),
        adjudicated_on=date(2026, 1, 20),
    )


CO20, PR30 = Adjustment("CO", "45", 20_00), Adjustment("PR", "1", 30_00)
# (what the payer paid, its claim adjustments, its decisions on the line of 100) -> rules
OTHER_PAYERS = {
    "by line": ((50_00, [], [decided(50_00, CO20, PR30)]), []),
    "by claim": ((50_00, [CO20, PR30], []), []),
    "nothing known": ((50_00, [], []), []),
    "line off": ((50_00, [], [decided(40_00, CO20, PR30)]), ["other-payer-line-balance"]),
    "claim off": ((40_00, [], [decided(50_00, CO20, PR30)]), ["other-payer-balance"]),
    "split line": ((50_00, [], [decided(25_00, CO20), decided(25_00, PR30)]), []),
}


@pytest.mark.parametrize(("given", "rules"), OTHER_PAYERS.values(), ids=OTHER_PAYERS)
def test_another_payers_decision_must_add_up(given, rules):
    paid, adjustments, decisions = given
    line = a_revenue_line("0450", 100_00, "99283", adjudications=decisions)
    claim = a_bill(lines=[line], other_subscribers=[another_payer(paid, adjustments)])
    assert [finding.rule for finding in parse(written(claim)).findings] == rules


def test_more_codes_than_a_segment_holds_take_another_segment():
    diagnoses = [InstitutionalDiagnosis("ABK", "A000")]
    diagnoses += [InstitutionalDiagnosis("ABF", f"A{n:03d}") for n in range(24)]
    occurrences = [Occurrence(f"{n:02d}", date(2026, 1, 5)) for n in range(13)]
    claim = a_bill(diagnoses=diagnoses, occurrences=occurrences, procedures=[a_procedure()])
    payload = written(claim)
    assert judged_by_pyx12(payload) == []
    (again,) = parse(payload).institutional_claims
    assert unplaced(again) == unplaced(claim)


REFUSED = {
    "an unknown provider": ({"providers": [a_physician(entity="P3")]}, "a provider here must be"),
    "an unknown diagnosis": ({"diagnoses": [InstitutionalDiagnosis("XX", "A000")]}, "qualifiers"),
    "a stay without days": ({"dates": []}, "DTP"),
    "no status of the patient": ({"patient_status": ""}, "CL103"),
    "25 other diagnoses": (
        {"diagnoses": [InstitutionalDiagnosis("ABK", "A000")]
            + [InstitutionalDiagnosis("ABF", "A001")] * 25},
        "HI",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), REFUSED.values(), ids=REFUSED)
def test_what_the_guide_does_not_hold_is_refused(changes, told):
    with pytest.raises(Unwritable, match=told):
        written(a_bill(**changes))
