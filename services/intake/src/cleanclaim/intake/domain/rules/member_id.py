"""A07 to A09: the member's number, Medicare's form of it, and numbers that only tests may use."""

import re
from collections.abc import Iterator

from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.rules.rule import TEST, Examination, Trouble

_MEDICARE = {"MA", "MB"}
_PLAIN = re.compile(r"[0-9A-Za-z]+")
# CMS, "Understanding the MBI": C A AN N A AN N A A N N; letters without S, L, O, I, B, Z.
_LETTER = "AC-HJKMNP-RT-Y"
_MBI = re.compile(
    f"[1-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}]{{2}}[0-9]{{2}}"
)
# CMS sets numbers with S in the second place aside for synthetic data.
_SYNTHETIC = re.compile(
    f"[1-9]S[0-9{_LETTER}][0-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}]{{2}}[0-9]{{2}}"
)


def check_member_ids(examination: Examination) -> Iterator[Trouble]:
    """Every coverage has its member's number, written without blanks or punctuation."""
    for pointer, coverage in _numbered(examination):
        if not (coverage.member_id or "").strip():
            yield Trouble(
                code="member_id_missing",
                pointer=pointer,
                message="The member number is missing.",
                expected="The number on the insurance card.",
            )
        elif not _PLAIN.fullmatch(coverage.member_id or ""):
            yield Trouble(
                code="member_id_punctuated",
                pointer=pointer,
                message="The member number holds blanks or punctuation.",
                expected="Letters and digits only.",
            )


def check_beneficiary_ids(examination: Examination) -> Iterator[Trouble]:
    """A Medicare number has the eleven places that CMS gives it."""
    for pointer, coverage in _numbered(examination):
        number = coverage.member_id
        if not number or examination.filing_indicator_of(coverage) not in _MEDICARE:
            continue
        if not (_MBI.fullmatch(number) or _SYNTHETIC.fullmatch(number)):
            yield Trouble(
                code="beneficiary_id_malformed",
                pointer=pointer,
                message="This is no Medicare beneficiary identifier.",
                expected="Eleven characters as on the red, white and blue card, without dashes.",
            )


def check_synthetic_ids(examination: Examination) -> Iterator[Trouble]:
    """A number set aside for synthetic data is taken in test organizations only."""
    if examination.environment == TEST:
        return
    for pointer, coverage in _numbered(examination):
        medicare = examination.filing_indicator_of(coverage) in _MEDICARE
        if medicare and _SYNTHETIC.fullmatch(coverage.member_id or ""):
            unknown = examination.environment is None
            yield Trouble(
                code="environment_not_known" if unknown else "synthetic_id_refused",
                pointer=pointer,
                message="The Medicare number is one that CMS sets aside for synthetic data.",
                expected="The person's own number; or mark the organization as test.",
            )


def _numbered(examination: Examination) -> Iterator[tuple[str, Coverage]]:
    for place, coverage in enumerate(examination.version.coverages):
        yield f"/coverages/{place}/member_id", coverage
