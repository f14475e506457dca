"""A status answer is read as a whole: the category moves the claim, the status names the team."""

import pytest

from cleanclaim.codes.claim_status import StatusEvent, claim_status
from cleanclaim.codes.vocabulary import NextAction, WorkQueue


def test_the_shipped_table_is_whole():
    codes = claim_status()
    assert (len(codes.categories), len(codes.statuses), len(codes.entities)) == (48, 168, 17)
    assert codes.release.digest


@pytest.mark.parametrize(
    ("category", "event", "accepted", "action"),
    [
        ("A1", StatusEvent.ACCEPTED_BY_RECEIVER, True, NextAction.WAIT),
        ("A2", StatusEvent.ACCEPTED_FOR_ADJUDICATION, True, NextAction.WAIT),
        ("A3", StatusEvent.REJECTED, False, NextAction.NEW_CLAIM),
        ("A7", StatusEvent.REJECTED, False, NextAction.NEW_CLAIM),
        ("A4", StatusEvent.NOT_FOUND, False, NextAction.FOLLOW_UP),
        ("P3", StatusEvent.INFO_REQUESTED, True, NextAction.SEND_DOCUMENTATION),
        ("F2", StatusEvent.DENIED, True, NextAction.MATCH_835),
        ("F3F", StatusEvent.FORWARDED, True, NextAction.MATCH_835),
        ("E2", StatusEvent.RETRY, None, NextAction.RETRY_LATER),
        ("D0", StatusEvent.NOT_FOUND, None, NextAction.FOLLOW_UP),
    ],
)
def test_a_category_moves_the_claim(category, event, accepted, action):
    reading = claim_status().reading(category, "20")
    assert (reading.event, reading.accepted, reading.next_action) == (event, accepted, action)


def test_a_rejection_is_read_with_its_status_and_entity():
    reading = claim_status().reading("A7", "562", "85")
    assert reading.owner is WorkQueue.PROVIDER_ENROLLMENT
    assert reading.claim_field == "entity.npi"
    assert "billing provider" in reading.meaning
    assert reading.gaps == ()


def test_an_unknown_status_keeps_the_categorys_action():
    reading = claim_status().reading("A3", "99999", "ZZ")
    assert (reading.event, reading.next_action) == (StatusEvent.REJECTED, NextAction.NEW_CLAIM)
    assert reading.owner is WorkQueue.BILLING
    assert reading.gaps == ("status", "entity")


def test_an_unknown_category_moves_nothing():
    reading = claim_status().reading("ZZ", "20")
    assert (reading.event, reading.accepted) == (StatusEvent.NONE, None)
    assert reading.next_action is NextAction.FOLLOW_UP
    assert reading.gaps == ("category",)


def test_components_can_be_asked_one_by_one():
    codes = claim_status()
    assert codes.status("562").needs_entity
    assert codes.category("A2").accepted is True
    assert codes.entity("85").meaning == "billing provider"
    assert codes.status("99999") is codes.category("ZZ") is codes.entity("ZZ") is None
