"""Route of the summary: how much was refused, why and by whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Day
from cleanclaim.denials import queries
from cleanclaim.denials.api.problems import LISTS
from cleanclaim.denials.api.shapes import (
    CategoryTotals,
    DenialSummary,
    PayerTotals,
    ReasonTotals,
    Totals,
)
from cleanclaim.denials.api.words import meaning_of
from cleanclaim.values.dates import DateRange

router = APIRouter(tags=["denials"])

MaySearch = Annotated[Caller, Depends(calls("system/Denial.s"))]


@router.get(
    "/v1/denial-summary",
    response_model=DenialSummary,
    responses=LISTS,
    summary="Count denials and their money by cause and by payer",
)
async def summarize_denials(
    caller: MaySearch,
    opened_from: Annotated[Day | None, Query(description="Opened on this day or later.")] = None,
    opened_to: Annotated[Day | None, Query(description="Opened on this day or earlier.")] = None,
) -> Response:
    """By category, by reason within its category, and by payer; most money first."""
    if opened_from is not None:
        # the constructor refuses a span that ends before it begins
        DateRange(opened_from, opened_to)
    span = {"opened_from_on": opened_from, "opened_to_on": opened_to}
    async with caller.look() as work:
        by_category = await queries.totals(work, by=("category",), **span)
        by_reason = await queries.totals(work, by=("category", "group_code", "reason_code"), **span)
        by_payer = await queries.totals(work, by=("payer_id",), **span)
        names, _ = await queries.party_names(work, payer_ids=[one.key[0] for one in by_payer])
        await audit.record(work, action="search", resource="Denial", count=len(by_reason))
    return answer(
        DenialSummary(
            **span,
            total=_total(by_category),
            by_category=[CategoryTotals(category=one.key[0], **_sums(one)) for one in by_category],
            by_reason=[_reason(one) for one in by_reason],
            by_payer=[
                PayerTotals(payer_id=one.key[0], payer_name=names.get(one.key[0]), **_sums(one))
                for one in by_payer
            ],
        )
    )


def _reason(row: queries.SummaryRow) -> ReasonTotals:
    category, group_code, reason_code = row.key
    return ReasonTotals(
        category=category,
        group_code=group_code,
        reason_code=reason_code,
        reason_meaning=meaning_of(reason_code),
        **_sums(row),
    )


def _sums(row: queries.SummaryRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Totals.model_fields}


def _total(rows: list[queries.SummaryRow]) -> Totals:
    return Totals(**{name: sum(getattr(r, name) for r in rows) for name in Totals.model_fields})
