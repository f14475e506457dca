"""A12, A13, A16, A17: which payers are billed, in which order, and whether they can be."""

from collections.abc import Iterator

from cleanclaim.intake.domain.rules.rule import Examination, Trouble

_ORDER = ("P", "S", "T")


def check_coverage_dates(examination: Examination) -> Iterator[Trouble]:
    """By its registered dates each coverage holds on every day of service."""
    content = examination.version.content
    for place, coverage in enumerate(examination.version.coverages):
        for day in {content.service_from_on, content.service_to_on} - {None}:
            if day is not None and not coverage.in_force_on(day):
                yield Trouble(
                    code="coverage_not_in_force",
                    pointer=f"/coverages/{place}",
                    message="The coverage does not hold on the day of service.",
                    expected="The coverage of that day, or its right dates.",
                )
                break


def check_order(examination: Examination) -> Iterator[Trouble]:
    """One primary payer, then a secondary, then a tertiary, without gaps or repeats; or none."""
    version = examination.version
    if not version.coverages and not version.content.self_pay:
        yield Trouble(
            code="coverage_missing",
            pointer="/coverages",
            message="No coverage is known for the day of service.",
            expected="Register the coverage, or send self_pay true where nobody else pays.",
        )
    if version.coverages and version.content.self_pay:
        yield Trouble(
            code="self_pay_with_coverage",
            pointer="/self_pay",
            message="The encounter is said to be self-pay, but coverages are named.",
            expected="One or the other.",
        )
    orders = tuple(coverage.order for coverage in version.coverages)
    if orders != _ORDER[: len(orders)]:
        yield Trouble(
            code="coverage_order_broken",
            pointer="/coverages",
            message="The coverages are not one primary, one secondary, one tertiary in turn.",
            expected="P; P and S; or P, S and T.",
            value=" ".join(orders) or None,
        )


def check_payers(examination: Examination) -> Iterator[Trouble]:
    """Every payer stands in the directory with terms for the day of service."""
    for place, coverage in enumerate(examination.version.coverages):
        pointer = f"/coverages/{place}/payer_id"
        if coverage.payer_id not in examination.payers:
            yield Trouble(
                code="payer_unknown",
                pointer=pointer,
                message="The payer is not in the directory, or intake has not heard of it yet.",
                expected="A payer_id that POST /v1/payers of claims has given.",
            )
        elif examination.service_on is not None and examination.terms_of(coverage) is None:
            yield Trouble(
                code="payer_without_terms",
                pointer=pointer,
                message="The directory has no terms of this payer for the day of service.",
                expected="A version of the payer that covers the day.",
            )


def check_filing_indicators(examination: Examination) -> Iterator[Trouble]:
    """SBR09 of a coverage is its payer's."""
    for place, coverage in enumerate(examination.version.coverages):
        terms = examination.terms_of(coverage)
        given = coverage.claim_filing_indicator
        if terms is not None and given and given != terms.claim_filing_indicator:
            yield Trouble(
                code="filing_indicator_differs",
                pointer=f"/coverages/{place}/claim_filing_indicator",
                message="The claim filing indicator is not the one of this payer.",
                expected=f"{terms.claim_filing_indicator}, or leave it out.",
                value=given,
            )
