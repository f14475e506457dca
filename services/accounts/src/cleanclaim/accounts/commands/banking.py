"""Books money outside claims: provider adjustments, deposits, matches, variances."""

from collections.abc import Sequence

from cleanclaim.accounts.commands.happened import Happened
from cleanclaim.accounts.commands.writing import Batch, review_open_items, write
from cleanclaim.accounts.domain.book.deposit import (
    Deposit,
    DepositMatch,
    entry_for_deposit,
    entry_for_match,
)
from cleanclaim.accounts.domain.book.provider_adjustment import (
    ProviderAdjustment,
    entry_for_provider_adjustment,
)
from cleanclaim.accounts.domain.book.variance import ResolvedVariance, entry_for_variance
from cleanclaim.chassis.work import Work


async def book_provider_adjustments(
    work: Work, *, adjustments: Sequence[Happened[ProviderAdjustment]]
) -> None:
    """Book PLB amounts on the accounts that their reasons name."""
    batch = Batch()
    for one in adjustments:
        batch.add(entry_for_provider_adjustment(one.occasion, one.fact), one.thread)
    changed = await write(work, batch=batch)
    await review_open_items(work, changed=changed, at=adjustments[-1].occasion.occurred_at)


async def book_deposits(work: Work, *, deposits: Sequence[Happened[Deposit]]) -> None:
    """Book money in the bank, unidentified until it is matched."""
    batch = Batch()
    for one in deposits:
        batch.add(entry_for_deposit(one.occasion, one.fact), one.thread)
    await write(work, batch=batch)


async def book_matches(work: Work, *, matches: Sequence[Happened[DepositMatch]]) -> None:
    """Book matched deposits out of cash clearing, trace by trace."""
    batch = Batch()
    for one in matches:
        batch.add(entry_for_match(one.occasion, one.fact), one.thread)
    await write(work, batch=batch)


async def book_variances(work: Work, *, variances: Sequence[Happened[ResolvedVariance]]) -> None:
    """Book what was written off of variances."""
    batch = Batch()
    for one in variances:
        batch.add(entry_for_variance(one.occasion, one.fact), one.thread)
    await write(work, batch=batch)
