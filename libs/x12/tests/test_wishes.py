"""What users of other readers asked for in vain: each wish with the answer given here."""

from datetime import date
from pathlib import Path

import pytest

from cleanclaim.x12 import (
    Adjustment,
    LineAdjudication,
    OtherSubscriber,
    Party,
    Procedure,
    Reference,
    build_835,
    build_837p,
    parse,
    segments,
)

from .builders import (
    a_claim,
    a_claim_payment,
    a_dependent,
    a_line,
    a_payer,
    a_person,
    a_provider_adjustment,
    a_remittance,
    a_service_payment,
    an_envelope,
    contractual,
    deductible,
)

SAMPLE = (Path(__file__).parent.parent / "samples/clean_professional_claim.edi").read_bytes()


def written(*claims):
    return build_837p(claims, envelope=an_envelope(), reference="B1")


def paid(*remittances):
    return build_835(remittances, envelope=an_envelope())


def another_payer(name, identifier):
    return OtherSubscriber(
        payer_responsibility="S",
        relationship="18",
        filing_indicator="CI",
        benefits_assigned="Y",
        release_of_information="Y",
        subscriber=_without_birth(a_person()),
        payer=a_payer(name, identifier),
    )


def _without_birth(person):
    person.birth_on, person.sex = None, ""
    return person


def test_a_second_other_payer_is_a_second_other_payer():
    others = [another_payer("FIRST PLAN", "11111"), another_payer("SECOND PLAN", "22222")]
    others[1].payer_responsibility = "T"
    document = parse(written(a_claim(other_subscribers=others)))
    assert document.findings == []
    (claim,) = document.claims
    assert [other.payer.name for other in claim.other_subscribers] == ["FIRST PLAN", "SECOND PLAN"]
    assert claim.payer.name == "ACME HEALTH PLAN"


def test_hl_numbers_begin_anew_in_each_set():
    start, end = SAMPLE.index(b"ST*837"), SAMPLE.index(b"GE*1*7")
    second = SAMPLE[start:end].replace(b"*0001", b"*0002")
    document = parse(SAMPLE[:end] + second + SAMPLE[end:].replace(b"GE*1", b"GE*2"))
    assert document.findings == []
    assert [len(held.claims) for held in document.transaction_sets] == [2, 2]


NAMES = {
    "a patient named ISAAC": (b"ISAAC", b"IRIS"),
    "a patient named Isa": (b"ISA", b"IRIS"),
    "an envelope's name for a first name": (b"IEA", b"GS"),
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("line_break", [b"~\n", b"~"])
def test_a_name_like_an_envelope_is_a_name(names, line_break):
    name, first_name = names
    payload = SAMPLE.replace(b"OKAFOR*IRIS", name + b"*" + first_name).replace(b"~\n", line_break)
    document = parse(payload)
    assert document.findings == []
    party = document.claims[0].subscriber.party
    assert (party.name, party.first_name) == (name.decode(), first_name.decode())


@pytest.mark.parametrize("line_break", [b"~\r\n", b"~", b"\n"])
def test_a_chunk_may_end_anywhere_on_and_beside_a_delimiter(line_break):
    payload = SAMPLE.replace(b"~\n", line_break)
    whole = [(one.lead, one.raw, one.elements) for one in segments(payload)]
    beside = [n for n in range(1, len(payload)) if {*payload[n - 1 : n + 1]} & {*b"~\r\n"}]
    for cut in [*range(1, 110), *beside]:
        parts = segments(iter((payload[:cut], payload[cut:])))
        assert [(one.lead, one.raw, one.elements) for one in parts] == whole


def test_a_plb_gives_each_of_its_six_pairs():
    pairs = [a_provider_adjustment(amount_cents=100 * n, reference=f"R{n}") for n in range(1, 9)]
    payload = paid(a_remittance([a_claim_payment(lines=[a_service_payment(90_00)])], pairs))
    assert payload.count(b"PLB*") == 2
    document = parse(payload)
    assert document.findings == []
    told = document.remittances[0].provider_adjustments
    assert [one.amount_cents for one in told] == [100 * n for n in range(1, 9)]


def test_several_cas_of_one_group_are_all_read():
    payload = paid(a_remittance())
    apart = payload.replace(b"CAS*CO*45*20", b"CAS*CO*45*12~\nCAS*CO*253*8").replace(
        b"SE*22", b"SE*23"
    )
    told = parse(apart).remittances[0].claims[0].lines[0].adjustments
    assert [(one.reason, one.amount_cents) for one in told] == [("45", 12_00), ("253", 8_00)]


def test_adjustments_of_one_group_share_a_segment_up_to_six():
    adjustments = [Adjustment("CO", str(reason), 1_00) for reason in range(100, 107)]
    payload = paid(a_remittance([a_claim_payment(lines=[a_service_payment(50_00, adjustments)])]))
    assert payload.count(b"CAS*CO*") == 2
    assert parse(payload).findings == []
    assert parse(payload).remittances[0].claims[0].lines[0].adjustments == adjustments


def test_a_claim_payment_without_lines_is_read_and_told_as_a_warning():
    payment = a_claim_payment(
        lines=[], charge_cents=100_00, paid_cents=80_00, adjustments=[contractual(20_00)]
    )
    document = parse(paid(a_remittance([payment], payment_cents=80_00)))
    assert document.accepted
    assert [finding.rule for finding in document.findings] == ["claim-without-lines"]
    assert document.remittances[0].claims[0].adjustments == [contractual(20_00)]


def test_several_payers_and_sets_in_one_remittance_file_stay_apart():
    second = a_remittance([a_claim_payment("PCN2")], trace_number="EFT0002")
    second.payer = Party(**{**_fields(second.payer), "name": "NORTHWIND BLUE"})
    document = parse(paid(a_remittance(), second))
    assert document.findings == []
    told = [(one.payer.name, one.trace_number) for one in document.remittances]
    assert told == [("ACME HEALTH PLAN", "EFT0001"), ("NORTHWIND BLUE", "EFT0002")]


def _fields(party):
    return {name: getattr(party, name) for name in party.__struct_fields__}


def test_a_bonus_is_a_negative_adjustment_that_raises_the_payment():
    line = a_service_payment(100_00, [contractual(20_00), Adjustment("CO", "144", -5_00)])
    document = parse(paid(a_remittance([a_claim_payment(lines=[line])])))
    assert document.findings == []
    assert document.remittances[0].payment_cents == 85_00


def test_a_denied_line_keeps_its_reasons_apart_from_write_offs():
    line = a_service_payment(100_00, [Adjustment("CO", "197", 100_00)])
    (read_back,) = parse(paid(a_remittance([a_claim_payment(lines=[line])]))).remittances
    assert read_back.claims[0].lines[0].adjustments == [Adjustment("CO", "197", 100_00)]
    assert read_back.claims[0].paid_cents == 0


def test_the_procedure_that_was_sent_is_told_when_the_payer_changed_it():
    line = a_service_payment(submitted_procedure=Procedure("HC", "99213", ["25"]))
    (read_back,) = parse(paid(a_remittance([a_claim_payment(lines=[line])]))).remittances
    told = read_back.claims[0].lines[0]
    assert told.procedure.modifiers == []
    assert told.submitted_procedure.modifiers == ["25"]


def test_adjustments_of_a_line_by_another_payer_are_found():
    decided = LineAdjudication(
        payer_identifier="60054",
        paid_cents=50_00,
        procedure=Procedure("HC", "99213"),
        units_paid=1,
        adjustments=[contractual(20_00), deductible(30_00)],
        adjudicated_on=date(2026, 1, 9),
    )
    claim = a_claim(
        other_subscribers=[another_payer("FIRST PLAN", "60054")],
        lines=[a_line(adjudications=[decided])],
    )
    (read_back,) = parse(written(claim)).claims
    assert read_back.lines[0].adjudications[0].adjustments == decided.adjustments


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_and_a_void_name_the_claim_before(frequency):
    claim = a_claim(frequency=frequency, references=[Reference("F8", "ICN-1")])
    document = parse(written(claim))
    assert document.findings == []
    assert document.claims[0].frequency == frequency
    assert document.claims[0].reference("F8") == "ICN-1"


def test_a_claim_of_the_patient_is_judged_as_one_of_the_subscriber():
    spoiled = (b"HI*ABK:J0190", b"HI*XXX:J0190")
    own = parse(written(a_claim()).replace(*spoiled))
    dependent = parse(written(a_claim(patient=a_dependent())).replace(*spoiled))
    rules = [[finding.rule for finding in document.findings] for document in (own, dependent)]
    assert rules == [["code-not-used"], ["code-not-used"]]
    loops = [document.findings[0].loop for document in (own, dependent)]
    assert loops == ["2000A/2000B/2300", "2000A/2000B/2000C/2300"]


def test_the_component_separator_comes_from_the_header_and_a_colon_is_text():
    payload = SAMPLE.replace(b":", b">").replace(b"OKAFOR", b"OKA:FOR")
    document = parse(payload)
    assert document.findings == []
    assert document.claims[0].subscriber.party.name == "OKA:FOR"


def test_before_00402_the_letter_of_isa11_is_no_repetition_separator():
    payload = SAMPLE.replace(b"*^*00501*", b"*U*00401*")
    document = parse(payload)
    assert document.interchanges[0].delimiters.repetition == ""
    assert len(document.claims) == 2
    assert document.claims[0].subscriber.party.name == "OKAFOR"


def test_a_blank_before_the_terminator_loses_no_claim():
    payload = SAMPLE.replace(b"*MIAMI*FL*331320001~", b"*MIAMI*FL*331320001 ~")
    assert len(parse(payload).claims) == 2
    assert parse(payload).write() == payload


def test_the_delimiters_are_kept_with_the_interchange():
    marks = parse(SAMPLE.replace(b":", b">")).interchanges[0].delimiters
    assert (marks.element, marks.component, marks.repetition, marks.terminator) == tuple("*>^~")
