"""Trace: the reassociation number that ties a payment in the bank to its remittance (TRN)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_CONTROL_NUMBER = 50
# CCD+ addenda carry the 835's TRN segment: TRN*1*<trace>*1<TIN>\ (CAQH CORE 370, 45 CFR 162.1603).
# Banks wrap the text wherever their line ends, drop the terminator, or change it. TRN03 has ten
# places (1 and the TIN); some banks leave the 1 out.
_TRN = re.compile(
    r"TRN\*1\*([^*~\\|\s]{1,50})(?:\*([0-9A-Za-z]{10}|[0-9A-Za-z]{9}(?![0-9A-Za-z])))?"
)
_COMPANY = re.compile(
    r"(?:ORIG(?:INATING)? ?(?:CO(?:MPANY)?|ID)?|COMPANY|CO) ?ID[:# ]{0,2}([0-9A-Z]{9,10})\b",
    re.IGNORECASE,
)
_TIN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Trace:
    """What a bank's text says of the remittance: TRN02 and TRN03, each where it is there."""

    number: str | None = None
    company_id: str | None = None


def trace_in(text_lines: Sequence[str]) -> Trace:
    """Find trace number and originating company in the text of a bank line.

    A TRN broken over two lines is found in the lines joined; two different traces in one text
    name none, for the line then pays more than one remittance.
    """
    found = _all_traces(" ".join(text_lines))
    complete = [one for one in found if one.company_id]
    if not complete and len(text_lines) > 1:
        joined = _all_traces("".join(line.rstrip() for line in text_lines))
        complete = [one for one in joined if one.company_id]
    chosen = complete or found
    if len({one.number for one in chosen}) == 1:
        return chosen[0]
    company = _COMPANY.search(" ".join(text_lines))
    return Trace(None, company[1].upper() if company else None)


def _all_traces(text: str) -> list[Trace]:
    return [
        Trace(number, company.upper() or None) for number, company in _TRN.findall(text.upper())
    ]


def same_company(one: str, other: str) -> bool:
    """Whether two originating company ids name one payer: equal, or equal but for the leading 1.

    TRN03 is 1 and the payer's TIN; a bank may show the TIN alone (005010X221A1, TRN03).
    """
    return _tin_of(one) == _tin_of(other)


def _tin_of(company_id: str) -> str:
    company = company_id.strip().upper().replace("-", "")
    if len(company) == _TIN_DIGITS + 1 and company.startswith("1") and company.isdigit():
        return company[1:]
    return company
