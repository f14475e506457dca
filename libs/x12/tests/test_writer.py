"""What the writer computes, and what it refuses with a sentence that holds no value."""

from datetime import date
from decimal import Decimal

import pytest

from cleanclaim.x12 import (
    Address,
    Adjustment,
    Builder,
    Delimiters,
    Diagnosis,
    Procedure,
    ProviderSummary835,
    RestSegment,
    Unwritable,
    build_835,
    build_837p,
    build_999,
    parse,
)
from cleanclaim.x12.testing import judged_by_pyx12

from .builders import (
    BILLING_NPI,
    a_billing_provider,
    a_claim,
    a_claim_payment,
    a_dependent,
    a_line,
    a_person,
    a_provider_adjustment,
    a_remittance,
    a_service_payment,
    a_submitter,
    a_subscriber,
    an_envelope,
    contractual,
    unplaced,
)


def written(claims, **changes):
    return build_837p(claims, envelope=an_envelope(**changes), reference="B1").decode()


def segments_of(payload, segment_id):
    return [
        s.elements for s in parse(payload).segments if s.elements and s.elements[0] == segment_id
    ]


REFUSED = {
    "a delimiter inside": (
        {"subscriber": a_subscriber(party=a_person(name="OKAFOR*SMITH"))},
        "NM103 holds a delimiter",
    ),
    "the component separator inside": (
        {"patient_control_number": "PCN:1"},
        "CLM01 holds a delimiter",
    ),
    "a line break inside": (
        {"subscriber": a_subscriber(party=a_person(name="OKA\nFOR"))},
        "NM103 holds a control character",
    ),
    "too long": ({"patient_control_number": "P" * 39}, "CLM01 holds 38 characters"),
    "too short": (
        {"subscriber": a_subscriber(party=a_person(identifier="M"))},
        "NM109 needs 2 characters",
    ),
    "missing": ({"patient_control_number": ""}, "CLM01 is required"),
    "no code of the guide": ({"release_of_information": "Q"}, "CLM09 must be a code"),
    "thirteen diagnoses": ({"diagnoses": [Diagnosis("ABF", "I10")] * 13}, "HI holds 12"),
    "no diagnosis": ({"diagnoses": []}, "HI*ABK/BK is required"),
    "no lines": ({"lines": []}, "loop 2400 (LX) is required"),
    "five modifiers": (
        {"lines": [a_line(procedure=Procedure("HC", "99213", ["25"] * 5))]},
        "four modifiers",
    ),
    "a provider of no loop": ({"providers": [a_submitter()]}, "must be one of"),
    "an address without a city": (
        {"billing_provider": a_billing_provider(address=Address(line_1="1 ELM"))},
        "N401 is required",
    ),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_a_value_that_cannot_be_written_is_refused_without_showing_it(changes, message):
    claim = a_claim(**changes)
    with pytest.raises(Unwritable) as refusal:
        written([claim])
    assert message in str(refusal.value)
    assert "OKA" not in str(refusal.value)
    assert "PPP" not in str(refusal.value)


WRONG_ENVELOPES = {
    "a sender too long": {"sender": "S" * 16},
    "no receiver": {"receiver": ""},
    "a control number of ten digits": {"interchange_control_number": 1_000_000_000},
    "two equal delimiters": {"delimiters": Delimiters("*", "*", "^", "~")},
    "a letter as delimiter": {"delimiters": Delimiters("A", ":", "^", "~")},
}


@pytest.mark.parametrize("changes", WRONG_ENVELOPES.values(), ids=WRONG_ENVELOPES)
def test_a_wrong_envelope_is_refused(changes):
    with pytest.raises(Unwritable):
        written([a_claim()], **changes)


def test_an_empty_batch_is_refused():
    for build in (build_835, build_999):
        with pytest.raises(Unwritable):
            build([], envelope=an_envelope())
    with pytest.raises(Unwritable):
        written([])


def test_the_interchange_header_is_of_fixed_width():
    header = written([a_claim()], line_break="")[:106]
    assert header.endswith(":~")
    assert header.startswith(
        "ISA*00*          *00*          *ZZ*SUBMITTER01    *ZZ*RECEIVER01     *260106*0830*^*00501*000000042*0*T*"
    )


def test_claims_of_one_provider_share_its_level_and_those_of_one_subscriber_his():
    own, child = a_claim("PCN1"), a_claim("PCN2", patient=a_dependent())
    stranger = a_claim("PCN3", subscriber=a_subscriber(group_number="GRP2"))
    elsewhere = a_claim("PCN4", billing_provider=a_billing_provider("1234567893"))
    payload = written([own, child, stranger, elsewhere]).encode()
    levels = [level[1:] for level in segments_of(payload, "HL")]
    assert levels == [
        ["1", "", "20", "1"],
        ["2", "1", "22", "1"],
        ["3", "2", "23", "0"],
        ["4", "1", "22", "0"],
        ["5", "", "20", "1"],
        ["6", "5", "22", "0"],
    ]
    assert judged_by_pyx12(payload) == []


def test_sets_are_split_and_numbered():
    claims = [a_claim(f"PCN{number}") for number in range(5)]
    payload = build_837p(claims, envelope=an_envelope(), reference="B1", claims_per_set=2)
    document = parse(payload)
    assert [len(held.claims) for held in document.transaction_sets] == [2, 2, 1]
    assert [held.control_number for held in document.transaction_sets] == ["0001", "0002", "0003"]
    assert document.findings == []
    assert judged_by_pyx12(payload) == []


def test_adjustments_of_one_group_share_a_segment_up_to_six():
    many = [Adjustment("CO", str(code), 1_00, Decimal(2)) for code in range(40, 48)]
    mixed = [many[0], Adjustment("PR", "1", 5_00), *many[1:]]
    payload = build_835(
        [a_remittance([a_claim_payment(lines=[a_service_payment(100_00, mixed)])])],
        envelope=an_envelope(),
    )
    groups = [(cas[1], (len(cas) - 1) // 3) for cas in segments_of(payload, "CAS")]
    assert groups == [("CO", 6), ("CO", 2), ("PR", 1)]
    read_back = parse(payload).remittances[0].claims[0].lines[0].adjustments
    assert sorted(a.reason for a in read_back) == sorted(a.reason for a in mixed)
    assert judged_by_pyx12(payload) == []


def test_provider_adjustments_share_a_segment_up_to_six():
    eight = [a_provider_adjustment("WO", 1_00, f"R{number}") for number in range(8)]
    payload = build_835([a_remittance(None, eight)], envelope=an_envelope())
    assert [(len(plb) - 3) // 2 for plb in segments_of(payload, "PLB")] == [6, 2]
    (remittance,) = parse(payload).remittances
    assert [a.reference for a in remittance.provider_adjustments] == [f"R{n}" for n in range(8)]
    assert judged_by_pyx12(payload) == []


def test_any_delimiters_can_be_written():
    odd = Delimiters("|", ">", "!", "'")
    claim = a_claim("PCN*1")
    document = parse(written([claim], delimiters=odd).encode())
    assert document.claims[0].patient_control_number == "PCN*1"
    assert document.findings == []


def test_letters_above_ascii_are_written_and_read():
    claim = a_claim(subscriber=a_subscriber(party=a_person(name="OKAFÖR")))
    assert parse(written([claim]).encode()).claims[0].subscriber.party.name == "OKAFÖR"


AMOUNTS = {0: "0", 5: "0.05", 10: "0.1", 100: "1", 1250: "12.5", 1205: "12.05", -1205: "-12.05"}


@pytest.mark.parametrize(("cents", "text"), AMOUNTS.items())
def test_cents_are_written_as_the_shortest_decimal(cents, text):
    payload = build_835(
        [
            a_remittance(
                [a_claim_payment(lines=[a_service_payment(cents, [], amounts=[])])], payment_cents=0
            )
        ],
        envelope=an_envelope(),
    )
    assert segments_of(payload, "SVC")[0][2] == text
    assert parse(payload).remittances[0].claims[0].lines[0].charge_cents == cents


def test_the_segment_builder_can_write_what_is_faulty_when_told_so():
    builder = Builder(an_envelope(), checked=False)
    builder.open_set("835")
    builder.segment("BPR", "I", "not money")
    rules = {finding.rule for finding in parse(builder.to_bytes()).findings}
    assert "element-characters" in rules
    assert "se-count" not in rules


def test_one_segment_can_be_replaced_and_all_others_stay():
    payload = written([a_claim("PCN1"), a_claim("PCN2")]).encode()
    document = parse(payload)
    (index,) = [i for i, s in enumerate(document.segments) if s.element(1) == "PCN2"]
    changed = document.replace(index, "CLM*PCN2*100***11:B:7*Y*A*Y*Y")
    assert changed.claims[1].frequency == "7"
    assert changed.write() == payload.replace(
        b"CLM*PCN2*100***11:B:1*Y*A*Y*Y", b"CLM*PCN2*100***11:B:7*Y*A*Y*Y"
    )


def test_a_remittance_with_every_field_comes_back_the_same():
    claim = a_claim_payment(
        drg="470",
        drg_weight=Decimal("1.9"),
        adjustments=[contractual(1_00)],
        lines=[
            a_service_payment(
                200_00,
                [contractual(10_00)],
                submitted_procedure=Procedure("HC", "99214", ["25", "59"]),
                units_submitted=Decimal("1.5"),
                revenue_code="0450",
            )
        ],
    )
    remittance = a_remittance([claim], [a_provider_adjustment()], paid_on=date(2026, 2, 28))
    (again,) = parse(build_835([remittance], envelope=an_envelope())).remittances
    assert unplaced(again) == unplaced(remittance)


def test_two_summaries_of_one_number_are_both_written():
    texts = (
        ["TS3", BILLING_NPI, "11", "20261231", "1", "100"],
        ["TS2", "100"],
    )
    summaries = [
        ProviderSummary835(header_number="1", segments=[RestSegment("2000", list(one))])
        for one in texts
    ]
    sent = a_remittance([a_claim_payment("PCN0", header_number="1")], provider_summaries=summaries)
    (got,) = parse(build_835([sent], envelope=an_envelope())).remittances
    (summary,) = got.provider_summaries
    assert [one.elements for one in summary.segments] == [*texts]


def test_what_a_payer_sums_up_for_a_provider_stays_with_its_claims():
    claims = [a_claim_payment(f"PCN{n}", header_number=number) for n, number in enumerate("112")]
    summaries = [
        ProviderSummary835(
            header_number=number,
            segments=[RestSegment("2000", ["TS3", BILLING_NPI, "11", "20261231", count, charge])],
        )
        for number, count, charge in (("1", "2", "200"), ("2", "1", "100"))
    ]
    sent = a_remittance(claims, provider_summaries=summaries)
    document = parse(build_835([sent], envelope=an_envelope()))
    (got,) = document.remittances
    assert document.findings == []
    assert [one.elements[1] for one in document.segments if one.elements[0] == "LX"] == list("12")
    assert [(s.header_number, s.segments) for s in got.provider_summaries] == [
        (s.header_number, s.segments) for s in summaries
    ]
    with pytest.raises(Unwritable, match="CLP"):
        build_835([a_remittance(claims[:2], provider_summaries=summaries)], envelope=an_envelope())
