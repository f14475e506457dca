"""Rules 1 and 6 to 10: what is proposed, and which rule proposed it."""

import pytest

from cleanclaim.codes.denials import denial_codes
from cleanclaim.codes.vocabulary import AdjustmentGroup
from cleanclaim.denials.domain.plan import Surroundings, plan_for
from cleanclaim.denials.domain.routing import find_cause

from .builders import a_part, an_adjustment

TAKES = Surroundings(takes_replacement=True)
REOPENS = Surroundings(takes_replacement=False)
UNKNOWN = Surroundings()
SECONDARY = Surroundings(further_payer=True, takes_replacement=True)
FORWARDED = Surroundings(further_payer=True, forwarded=True, takes_replacement=True)
SENT_AGAIN = Surroundings(sent_again=True)
TAKEN_BACK = Surroundings(taken_back=True, takes_replacement=True)

CASES = {
    "the table's action": ("CO-197", (), TAKES, "appeal", None, "plan.reason"),
    "the group's action": ("CO-96", (), TAKES, "appeal", None, "plan.by_group"),
    "correct by replacing": ("CO-16", (), TAKES, "correct_and_resubmit", "replace", "plan.reason"),
    "correct by reopening": ("CO-16", (), REOPENS, "correct_and_resubmit", "reopen", "plan.reason"),
    "correct, the way not known": (
        "CO-16", (), UNKNOWN, "correct_and_resubmit", None, "plan.reason",
    ),
    "unprocessable: a new claim": (
        "CO-16", ("MA130",), TAKES, "new_claim", "new_claim", "plan.unprocessable",
    ),
    "replacement wanted, whatever the profile says": (
        "CO-197", ("N380",), REOPENS, "correct_and_resubmit", "replace", "plan.replacement_wanted",
    ),
    "the patient's, with a further payer": (
        "PR-27", (), SECONDARY, "bill_secondary", None, "plan.further_payer",
    ),
    "the patient's, sent on by the payer": ("PR-27", (), FORWARDED, "wait", None, "plan.forwarded"),
    "a further payer does not matter under CO": (
        "CO-197", (), SECONDARY, "appeal", None, "plan.reason",
    ),
    "the patient may be asked under PR": ("PR-96", (), TAKES, "bill_patient", None, "plan.by_group"),
    "not where the patient owes no share": (
        "PR-96", ("N781",), TAKES, "follow_up", None, "plan.no_patient_share",
    ),
    "an amount that stays refused is never just posted": (
        "CO-45", (), TAKES, "follow_up", None, "plan.open_amount",
    ),
    "a refusal that was taken back waits": (
        "CO-197", (), TAKEN_BACK, "wait", None, "plan.refusal_taken_back",
    ),
    "a claim that was sent again waits": (
        "CO-197", (), SENT_AGAIN, "wait", None, "plan.answer_awaited",
    ),
    "a group that the standard does not know": (
        "ZZ-197", (), TAKES, "follow_up", None, "plan.group_unknown",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "remarks", "around", "action", "resend", "rule"), CASES.values(), ids=CASES
)
def test_the_plan_follows_the_first_rule_that_fits(
    pair: str,
    remarks: tuple[str, ...],
    around: Surroundings,
    action: str,
    resend: str | None,
    rule: str,
) -> None:
    cause = find_cause(part=a_part(an_adjustment(pair), remark_codes=remarks))
    plan = plan_for(cause=cause, around=around)
    assert (plan.action, plan.resend) == (action, resend)
    assert plan.because[-1] == rule


def test_a_notice_on_file_turns_a_contractual_refusal_into_an_appeal() -> None:
    for pair, rule in (("CO-50", "plan.notice_on_file"), ("PR-50", "plan.by_group")):
        cause = find_cause(part=a_part(an_adjustment(pair), modifiers=("GA",)))
        assert plan_for(cause=cause, around=TAKES).because == (rule,)


@pytest.mark.parametrize(
    ("remarks", "appealable"),
    [(("MA130",), False), (("N142",), False), (("N380",), True), ((), True)],
)
def test_only_a_claim_that_was_adjudicated_can_be_appealed(
    remarks: tuple[str, ...], *, appealable: bool
) -> None:
    cause = find_cause(part=a_part(an_adjustment("CO-16"), remark_codes=remarks))
    assert plan_for(cause=cause, around=TAKES).appealable is appealable


def test_no_reason_of_the_table_ever_bills_the_patient_outside_pr_or_writes_off_under_it() -> None:
    for code in denial_codes().carcs:
        for group in AdjustmentGroup:
            cause = find_cause(part=a_part(an_adjustment(f"{group.value}-{code}")))
            action = plan_for(cause=cause, around=TAKES).action
            assert action != "post_only"
            assert action != ("write_off" if group is AdjustmentGroup.PR else "bill_patient")
