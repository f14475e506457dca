"""Page tokens: opaque, and refused by name when they are not ours."""

from uuid import UUID

import pytest

from cleanclaim.chassis.pages import PageTokenInvalid, page_token, place_in, position_of

ONE = UUID("01980000-0000-7000-8000-00000000c001")


def test_a_token_leads_back_to_its_position() -> None:
    assert position_of(page_token([3, str(ONE)]), 2) == [3, str(ONE)]
    assert place_in(page_token([3, str(ONE)]), int, UUID) == (3, ONE)
    assert place_in(None, int) is None


@pytest.mark.parametrize(
    "token",
    [
        *("", "x", "WyJ4IiwgInkiXQ", "%%%", "é", "A" * 499),
        *(page_token(["x", "y"]), page_token([1]), page_token([2**63, str(ONE)])),
        page_token([1, f"{ONE}\0"]),
    ],
)
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(PageTokenInvalid):
        place_in(token, int, UUID)
