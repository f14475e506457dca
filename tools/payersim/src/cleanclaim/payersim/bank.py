"""The bank's BAI2 statement of one day: each EFT as a credit with its trace, totals that agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One incoming EFT, in cents, with the 835's trace in its addenda (CORE 370)."""

    amount_cents: int
    trace_number: str
    originating_company_id: str
    payer_name: str


def bai2(
    deposits: Sequence[Credit], *, on: date, file_number: int, account: str = "9876543210"
) -> bytes:
    """A BAI2 file with one group and one account; type 142 is an ACH credit."""
    total = sum(one.amount_cents for one in deposits)
    day = on.strftime("%y%m%d")
    details: list[str] = []
    for number, one in enumerate(deposits, 1):
        details.append(f"16,142,{one.amount_cents},Z,{file_number:04d}{number:04d},,HCCLAIMPMT/")
        details.append(
            f"88,{one.payer_name} TRN*1*{one.trace_number}*{one.originating_company_id}\\"
        )
    # the account's control total is over the amounts of its 03 and 16 records
    control = total + total
    account_records = len(details) + 2
    lines = [
        f"01,021000021,DEMOCLINIC,{day},0600,{file_number},,,2/",
        f"02,DEMOCLINIC,021000021,1,{day},2400,USD,2/",
        f"03,{account},USD,100,{total},{len(deposits)},/",
        *details,
        f"49,{control},{account_records}/",
        f"98,{control},1,{account_records + 2}/",
        f"99,{control},1,{account_records + 4}/",
    ]
    return ("\n".join(lines) + "\n").encode("ascii", "replace")
