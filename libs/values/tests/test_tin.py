"""Taxpayer numbers keep their shape and hide their digits."""

import pytest

from cleanclaim.values.tin import TinKind, TinUnacceptable, ein, ssn


@pytest.mark.parametrize("text", ["12-3456789", "123456789"])
def test_an_ein_reads_with_or_without_its_hyphen(text):
    number = ein(text)
    assert (number.kind, number.reveal()) == (TinKind.EIN, "123456789")


@pytest.mark.parametrize("text", ["123-45-6789", "123456789"])
def test_an_ssn_reads_with_or_without_its_hyphens(text):
    number = ssn(text)
    assert (number.kind, number.reveal()) == (TinKind.SSN, "123456789")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (ein, "123-45-6789"),
        (ein, "12345678"),
        (ein, "1-23456789"),
        (ein, "00-3456789"),
        (ein, "12-0000000"),
        (ein, "12345678X"),
        (ein, "-123456789"),
        (ssn, "12-3456789"),
        (ssn, "000-45-6789"),
        (ssn, "666-45-6789"),
        (ssn, "900-45-6789"),
        (ssn, "123-00-6789"),
        (ssn, "123-45-0000"),
        (ssn, ""),
    ],
)
def test_numbers_nobody_could_have_been_given_are_refused(read, text):
    with pytest.raises(TinUnacceptable) as refusal:
        read(text)
    assert "W-9" in refusal.value.fix
    assert text == "" or text not in str(refusal.value)


def test_printing_a_number_hides_it():
    number = ssn("123-45-6789")
    assert "6789" not in f"{number} {number!r}"
    assert number == ssn("123456789")
    assert number != ein("123456789")
