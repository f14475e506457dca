"""The kinds carry what a door needs, and the code names itself."""

import pickle

import pytest

from cleanclaim.values.errors import (
    Conflict,
    Detail,
    DomainError,
    Forbidden,
    Invalid,
    Missing,
    Unavailable,
)


class ClaimAlreadySubmitted(Conflict):
    pass


class EDIFileUnreadable(Invalid):
    pass


class OldName(Invalid):
    code = "kept-when-renamed"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Invalid, "invalid"),
        (Missing, "missing"),
        (Conflict, "conflict"),
        (Forbidden, "forbidden"),
        (Unavailable, "unavailable"),
    ],
)
def test_every_kind_names_itself_and_is_a_domain_error(kind, name):
    error = kind("It cannot be.")
    assert (error.kind, error.code, error.message, str(error)) == (
        name,
        name,
        "It cannot be.",
        "It cannot be.",
    )
    assert isinstance(error, DomainError)


@pytest.mark.parametrize(
    ("error_class", "code"),
    [
        (ClaimAlreadySubmitted, "claim_already_submitted"),
        (EDIFileUnreadable, "edi_file_unreadable"),
        (OldName, "kept-when-renamed"),
    ],
)
def test_a_code_comes_from_the_class_unless_it_says_otherwise(error_class, code):
    assert error_class.code == code
    assert error_class("No.").code == code


def test_a_raise_may_choose_its_code_without_touching_the_class():
    assert ClaimAlreadySubmitted("No.", code="other").code == "other"
    assert ClaimAlreadySubmitted.code == "claim_already_submitted"


def test_details_are_the_findings_when_there_are_any():
    details = (Detail("a", "First.", "/lines/0", "Fix it."), Detail("b", "Second."))
    assert Invalid("Two things are wrong.", details=details).findings() == details


def test_an_error_without_details_is_its_own_finding():
    error = ClaimAlreadySubmitted("Sent before.", pointer="/claim_id", fix="Replace it.")
    assert error.findings() == (
        Detail("claim_already_submitted", "Sent before.", "/claim_id", "Replace it."),
    )


def test_unavailable_says_when_to_come_back():
    assert (
        Unavailable("The clearinghouse is down.", retry_after_seconds=30).retry_after_seconds == 30
    )


def test_an_error_survives_a_process_boundary():
    error = pickle.loads(pickle.dumps(Unavailable("Down.", fix="Wait.", retry_after_seconds=9)))  # noqa: S301
    assert (error.message, error.fix, error.retry_after_seconds) == ("Down.", "Wait.", 9)
