"""The check digit, the first digit and the length all have to hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.values.npi import NpiUnacceptable, is_npi, npi


@pytest.mark.parametrize(
    ("text", "acceptable"),
    [
        ("1234567893", True),  # the example of the NPI check-digit standard
        ("1245319599", True),
        ("1003000126", True),
        ("2000000002", True),
        ("1234567890", False),
        ("1234567839", False),
        ("3234567893", False),
        ("0234567893", False),
        ("123456789", False),
        ("12345678930", False),
        ("123456789X", False),
        ("1234 67893", False),
        ("", False),
        ("١٢٣٤٥٦٧٨٩٣", False),
    ],
)
def test_an_npi_proves_itself(text, acceptable):
    assert is_npi(text) is acceptable


def test_a_refusal_says_what_to_do():
    with pytest.raises(NpiUnacceptable) as refusal:
        npi("1234567890")
    assert refusal.value.code == "npi_unacceptable"
    assert "NPPES" in refusal.value.fix
    assert npi("1234567893") == "1234567893"


@given(st.sampled_from("12"), st.integers(0, 10**8 - 1))
def test_exactly_one_check_digit_fits_each_number(first, rest):
    stem = f"{first}{rest:08d}"
    assert sum(is_npi(f"{stem}{check}") for check in range(10)) == 1


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(place, shift):
    right = "1234567893"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not is_npi(wrong)
