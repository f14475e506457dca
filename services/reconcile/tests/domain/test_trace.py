"""Which trace number and company a bank's text names."""

import pytest

from cleanclaim.reconcile.domain.trace import Trace, same_company, trace_in


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        (["TRN*1*12345*1999999999\\"], Trace("12345", "1999999999")),
        (["TRN*1*12345*1999999999~"], Trace("12345", "1999999999")),
        (["TRN*1*12345*1999999999*000056789\\"], Trace("12345", "1999999999")),
        (["TRN*1*12345*1999999999"], Trace("12345", "1999999999")),
        (["trn*1*ab12*1999999999\\"], Trace("AB12", "1999999999")),
        (["HCCLAIMPMT PRAIRIE TRN*1*E-1/2*999999999\\ MORE"], Trace("E-1/2", "999999999")),
        (["TRN*1*12345\\"], Trace("12345", None)),
        (["PRAIRIE MUTUAL TRN*1*123", "45*1999999999\\"], Trace("12345", "1999999999")),
        (["TRN*1*12345*19999", "99999\\"], Trace("12345", "1999999999")),
        (["TRN*1*12345*1999999999\\", "TRN*1*12345*1999999999\\"], Trace("12345", "1999999999")),
        (["TRN*1*1*1999999999\\TRN*1*2*1999999999\\"], Trace(None, None)),
        (["TRN*2*12345*1999999999\\"], Trace(None, None)),
        (["CO ID: 1999999999 HCCLAIMPMT"], Trace(None, "1999999999")),
        (["ORIG CO ID:1999999999"], Trace(None, "1999999999")),
        (["DEPOSIT"], Trace(None, None)),
        ([], Trace(None, None)),
    ],
)
def test_a_trace_is_read_out_of_a_banks_text(text: list[str], trace: Trace) -> None:
    assert trace_in(text) == trace


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1999999999", "1999999999", True),
        ("1999999999", "999999999", True),
        ("999999999", "1999999999", True),
        ("99-9999999", "1999999999", True),
        ("1999999999", "1888888888", False),
        ("9999999999", "999999999", False),
        ("ABC0000001", "abc0000001", True),
    ],
)
def test_a_company_is_known_with_and_without_its_leading_one(
    one: str, other: str, same: bool
) -> None:
    assert same_company(one, other) is same
