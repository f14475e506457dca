"""Reasons and remarks: who owns them, what to propose, and what they never may become."""

import pytest

from cleanclaim.codes.denials import CodeState, RemarkEffect, RemarkKind, denial_codes
from cleanclaim.codes.vocabulary import (
    AdjustmentGroup,
    Disposition,
    NextAction,
    RootCause,
    WorkQueue,
)

CO, CR, OA, PI, PR = (AdjustmentGroup(code) for code in ("CO", "CR", "OA", "PI", "PR"))


def test_the_shipped_table_is_whole():
    codes = denial_codes()
    assert (len(codes.carcs), len(codes.rarcs), len(codes.legacy)) == (218, 178, 25)
    assert codes.release.label == "denial codes 2026-11-23"
    assert len(codes.release.digest) == 64


@pytest.mark.parametrize(
    ("code", "is_denial", "category"),
    [
        ("1", False, RootCause.PATIENT_RESPONSIBILITY),
        ("45", False, RootCause.CONTRACTUAL),
        ("253", False, RootCause.CONTRACTUAL),
        ("18", True, RootCause.DUPLICATE),
        ("29", True, RootCause.TIMELY_FILING),
        ("50", True, RootCause.MEDICAL_NECESSITY),
        ("197", True, RootCause.AUTHORIZATION),
        ("97", True, RootCause.BUNDLING),
    ],
)
def test_everyday_reasons_have_their_root_cause(code, is_denial, category):
    carc = denial_codes().carc(code)
    assert (carc.is_denial, carc.category, carc.state) == (is_denial, category, CodeState.LISTED)


@pytest.mark.parametrize(
    ("code", "group", "action"),
    [
        ("1", PR, NextAction.BILL_PATIENT),
        ("1", CO, NextAction.POST_ONLY),
        ("1", OA, NextAction.FOLLOW_UP),
        ("50", PR, NextAction.BILL_PATIENT),
        ("96", CO, NextAction.APPEAL),
        ("45", PR, NextAction.FOLLOW_UP),
        ("49", CO, NextAction.WRITE_OFF),
        ("27", CO, NextAction.VERIFY_COVERAGE),
    ],
)
def test_the_group_changes_what_is_proposed(code, group, action):
    assert denial_codes().carc(code).action_under(group) is action


@pytest.mark.parametrize("group", [CO, CR, OA, PI])
def test_only_the_patient_group_ever_proposes_billing_the_patient(group):
    for carc in denial_codes().carcs.values():
        assert carc.action_under(group) is not NextAction.BILL_PATIENT


def test_the_patient_group_never_proposes_a_write_off():
    for carc in denial_codes().carcs.values():
        assert carc.action_under(PR) is not NextAction.WRITE_OFF


@pytest.mark.parametrize(
    ("code", "group", "disposition"),
    [
        ("23", OA, Disposition.PRIOR_PAYER),
        ("24", CO, Disposition.CAPITATED),
        ("104", CO, Disposition.WITHHELD),
        ("133", OA, Disposition.UNDECIDED),
        ("61", CO, Disposition.CONTRACTUAL),
        ("61", PR, Disposition.PATIENT_SHARE),
        # The table speaks by group and is silent about this one.
        ("61", OA, Disposition.UNDECIDED),
        ("209", OA, Disposition.NEXT_PAYER),
        # The general rules decide.
        ("45", CO, None),
        ("50", PR, None),
    ],
)
def test_the_tables_own_dispositions(code, group, disposition):
    assert denial_codes().carc(code).disposition_under(group) is disposition


@pytest.mark.parametrize(
    ("code", "group", "allowed"),
    [("23", OA, True), ("23", CO, False), ("45", PI, False), ("50", PI, True)],
)
def test_some_reasons_allow_some_groups_only(code, group, allowed):
    assert denial_codes().carc(code).allows(group) is allowed


def test_an_unknown_reason_counts_as_a_denial_and_goes_to_a_person():
    carc = denial_codes().carc("999")
    assert carc.state is CodeState.UNKNOWN
    assert carc.is_denial
    assert (carc.category, carc.owner) == (RootCause.PAYER_PROCESSING, WorkQueue.DENIALS)
    assert carc.action_under(CO) is NextAction.FOLLOW_UP
    assert carc.disposition_under(CO) is None


@pytest.mark.parametrize(
    ("code", "like"),
    [("42", "45"), ("A2", "45"), ("62", "197"), ("57", "150"), ("125", "16"), ("71", "23")],
)
def test_a_reason_out_of_use_is_routed_as_its_successor(code, like):
    carc, successor = denial_codes().carc(code), denial_codes().carc(like)
    assert (carc.code, carc.state) == (code, CodeState.LEGACY)
    assert carc.category is successor.category
    assert carc.disposition_under(CO) is successor.disposition_under(CO)
    assert carc.is_denial is successor.is_denial


@pytest.mark.parametrize("code", ["63", "A7"])
def test_an_old_announcement_settles_and_refuses_nothing(code):
    carc = denial_codes().carc(code)
    assert (carc.is_denial, carc.disposition) == (False, Disposition.UNDECIDED)


@pytest.mark.parametrize(
    ("code", "is_denial", "under_co", "under_pr"),
    [
        ("P12", False, Disposition.CONTRACTUAL, Disposition.UNDECIDED),
        ("P24", False, Disposition.CONTRACTUAL, Disposition.UNDECIDED),
        ("P8", False, Disposition.UNDECIDED, Disposition.UNDECIDED),
        ("P2", True, None, None),
        ("191", True, None, None),
    ],
)
def test_casualty_reasons_go_to_their_own_queue(code, is_denial, under_co, under_pr):
    carc = denial_codes().carc(code)
    assert carc.owner is WorkQueue.WORKERS_COMPENSATION
    assert carc.is_denial is is_denial
    assert (carc.disposition_under(CO), carc.disposition_under(PR)) == (under_co, under_pr)


@pytest.mark.parametrize("code", ["P0", "P123", "p12", "", "P"])
def test_what_only_looks_like_a_casualty_reason_is_unknown(code):
    assert denial_codes().carc(code).state is CodeState.UNKNOWN


def test_every_successor_of_an_old_reason_is_known():
    codes = denial_codes()
    for entry in codes.legacy.values():
        for successor in entry.treat_as:
            assert codes.carc(successor).state is not CodeState.UNKNOWN


def test_a_remark_decides_for_a_general_reason():
    codes = denial_codes()
    routing = codes.route("16", ("MA130", "N290"))
    rarc = codes.rarc("N290")
    assert rarc.kind is RemarkKind.SUPPLEMENTAL
    assert (routing.owner, routing.claim_field) == (rarc.owner, "providers.rendering.npi")
    assert routing.category is rarc.category


def test_a_remark_leaves_the_category_of_a_telling_reason():
    codes = denial_codes()
    routing = codes.route("29", ("N290",))
    assert routing.category is RootCause.TIMELY_FILING
    assert routing.owner is codes.rarc("N290").owner


def test_a_remark_about_the_whole_claim_decides_when_it_stands_alone():
    assert denial_codes().route("16", ("MA130",)).claim_field == "claim"


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        ("MA130", RemarkEffect.UNPROCESSABLE),
        ("N142", RemarkEffect.UNPROCESSABLE),
        ("N380", RemarkEffect.REPLACEMENT_WANTED),
        ("MA18", RemarkEffect.FORWARDED),
        ("N782", RemarkEffect.NO_PATIENT_SHARE),
        ("N290", None),
    ],
)
def test_some_remarks_speak_about_the_claim_as_a_whole(code, effect):
    assert denial_codes().rarc(code).effect is effect


def test_alerts_and_unknown_remarks_decide_nothing():
    codes = denial_codes()
    alert = next(r.code for r in codes.rarcs.values() if r.kind is RemarkKind.ALERT)
    assert codes.route("16", (alert, "N99999")) == codes.route("16")
    assert codes.rarc("N99999") is None


def test_the_table_cannot_be_changed_by_its_readers():
    carc = denial_codes().carc("1")
    with pytest.raises(TypeError):
        carc.by_group[OA] = NextAction.APPEAL
    with pytest.raises(AttributeError):
        carc.meaning = "other"
    with pytest.raises(TypeError):
        denial_codes().carcs["1"] = carc
