"""Eligibility: what is asked of whom, what is answered, and every way to be refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from cleanclaim.x12 import (
    Benefit,
    EligibilityQuestion,
    Rejection,
    Unwritable,
    acknowledgements_for,
    build_270,
    build_271,
    parse,
    read,
)

from .builders import an_envelope, unplaced
from .inquiries import a_child, a_member, an_answer, an_inquiry, answered

SAMPLES = Path(__file__).parent.parent / "samples"


def the_sample(name):
    return (SAMPLES / f"eligibility_{name}.edi").read_bytes()


ACTIVE = the_sample("active")


def test_a_question_names_source_receiver_member_and_services():
    (asked,) = parse(the_sample("inquiry")).eligibility_inquiries
    by_type, by_procedure = asked.questions
    assert (asked.source.identifier, asked.receiver.npi) == ("60054", "1770438210")
    assert asked.receiver_specialty.identifier == "207Q00000X"
    assert asked.person.party.birth_on.isoformat() == "1980-02-29"
    assert (asked.trace_number, by_type.service_types) == ("Q0001", ["30", "98"])
    assert (by_procedure.procedure.code, by_procedure.place_of_service) == ("99213", "11")


def test_an_active_member_is_told_plan_share_limits_and_other_payer():
    (answer,) = parse(ACTIVE).eligibility_answers
    assert answer.is_active is True
    assert answer.trace_number == "Q0001"
    assert answer.benefits[0].plan == "HARBOR GOLD"
    assert answer.benefits[0].dates[0].through_on.isoformat() == "2026-12-31"
    assert len(answer.benefits[1].service_types) == 10
    (visit,) = answer.benefits_for("98", "B")
    assert (visit.amount_cents, visit.messages) == (25_00, ["NO REFERRAL NEEDED"])
    (share,) = answer.benefits_for("30", "A")
    assert share.rate == Decimal("0.2")
    year, left = answer.benefits_for("30", "C")
    assert (year.period, year.amount_cents) == ("23", 1500_00)
    assert (left.period, left.amount_cents) == ("29", 420_55)
    assert (answer.benefits[6].quantity, answer.benefits[6].deliveries[0].elements[0]) == (20, "VS")
    other, doctor = answer.benefits[7].entities[0], answer.benefits[8].entities[0]
    assert (other.party.entity, other.party.contacts[0].numbers[0].qualifier) == ("SEP", "TE")
    assert (doctor.party.npi, doctor.specialty.role) == ("1234567893", "PC")


def test_a_dependent_is_answered_for_with_his_subscriber():
    (answer,) = parse(the_sample("of_a_dependent")).eligibility_answers
    assert answer.person.party.first_name == "LEO"
    assert (answer.person.relationship, answer.trace_number) == ("19", "Q0002")
    assert answer.subscriber.party.first_name == "IRIS"
    assert [benefit.information for benefit in answer.benefits] == ["1", "6"]


# sample -> [(level, reason, follow-up, understood)] of each answer
REJECTED = {
    "rejected": [[("subscriber", "75", "C", False)], [("benefit", "62", "C", True)]],
    "source_unavailable": [[("source", "42", "R", True)]],
}


@pytest.mark.parametrize(("name", "told"), REJECTED.items())
def test_a_refusal_says_whom_it_blames_and_what_to_do(name, told):
    answers = parse(the_sample(name)).eligibility_answers
    found = [
        [(r.level, r.reason, r.follow_up, r.is_valid) for r in answer.rejections]
        for answer in answers
    ]
    assert found == told
    assert [answer.is_active for answer in answers] == [None] * len(told)


def test_the_subscriber_and_his_dependent_may_both_be_asked_for():
    member, child = a_member(), a_child()
    own = an_inquiry(subscriber=member)
    his = an_inquiry(subscriber=member, dependent=child)
    payload = build_270([own, his], envelope=an_envelope(), reference="E1")
    document = parse(payload)
    assert document.findings == []
    found = [asked.person.party.first_name for asked in document.eligibility_inquiries]
    assert sorted(found) == ["IRIS", "LEO"]


def test_a_stream_gives_each_person_by_itself():
    items = [type(item).__name__ for item in read([the_sample("rejected")])]
    assert items.count("EligibilityAnswer271") == 2


def test_a_refusal_on_every_level_comes_back_the_same():
    levels = [Rejection("42", "Y", level="system"), Rejection("79", "C", level="source")]
    answer = an_answer(
        subscriber=answered(a_member(rejections=[Rejection("72", "C", level="subscriber")])),
        source_rejections=levels,
        receiver_rejections=[Rejection("51", "N", level="receiver")],
        benefits=[],
    )
    payload = build_271([answer], envelope=an_envelope(), reference="E1")
    (again,) = parse(payload).eligibility_answers
    assert unplaced(again) == unplaced(answer)
    assert [rejection.reason for rejection in again.rejections] == ["42", "79", "51", "72"]


# change -> rule, segment, element, repetition
SPOILED = {
    "service type": (b"1^33^35", b"1^31^35", "code-not-used", "EB", 3, 2),
    "day of birth": (b"DMG*D8*19800229", b"DMG*D8*19810229", "no-such-day", "DMG", 2, 0),
    "an amount alone": (b"VS*20**", b"VS***", "element-paired", "EB", 10, 0),
    "parent": (b"HL*3*2*22", b"HL*3*1*22", "hl-parent", "HL", 2, 0),
    "level": (b"EB*C*IND", b"EB*C*ALL", "code-not-used", "EB", 2, 0),
}


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
def test_a_fault_is_found_where_it_is(spoiled):
    old, new, *expected = spoiled
    assert old in ACTIVE
    document = parse(ACTIVE.replace(old, new, 1))
    places = [[f.rule, f.segment_id, f.element, f.repetition] for f in document.findings]
    assert places == [expected]
    assert [answer.status for answer in acknowledgements_for(document)] == ["R"]


def test_an_amount_that_nobody_can_read_parks_the_answer():
    document = parse(ACTIVE.replace(b"420.55", b"42O.55"))
    assert len(document.unreadable_claims) == 1
    assert document.eligibility_answers == []


REFUSED = {
    "nothing asked for": ([an_inquiry(questions=[EligibilityQuestion()])], "EQ"),
    "no such service": ([an_inquiry(questions=[EligibilityQuestion(service_types=["ZZ"])])], "EQ"),
    "nobody": ([], "a question"),
}


@pytest.mark.parametrize(("inquiries", "told"), REFUSED.values(), ids=REFUSED)
def test_what_the_guide_does_not_hold_is_refused(inquiries, told):
    with pytest.raises(Unwritable, match=told):
        build_270(inquiries, envelope=an_envelope(), reference="E1")


def test_a_benefit_of_no_code_is_refused():
    with pytest.raises(Unwritable, match="EB01"):
        build_271(
            [an_answer(benefits=[Benefit(information="Z")])], envelope=an_envelope(), reference="E1"
        )
