"""The BAI2 reader: a bank's file as account statements, checked against its own control totals.

Cash Management Balance Reporting Specifications, version 2 (Bank Administration Institute).
"""

from dataclasses import dataclass, field
from datetime import date

from cleanclaim.reconcile.domain.statement import AccountStatement, ReadStatement, StatementLine
from cleanclaim.reconcile.edi_in.elements import Elements
from cleanclaim.reconcile.edi_in.records import Fields, Record, logical_records

_OPENING_LEDGER, _CLOSING_LEDGER = "010", "015"
_UPDATE = "1"
_PARENT = {"02": "01", "03": "02", "16": "03", "49": "03", "98": "02", "99": "01"}
_ENDS = {"49": "03", "98": "02", "99": "01"}
_NAMES = {"01": "file", "02": "group", "03": "account"}


@dataclass(slots=True)
class _Open:
    """A file, group or account that is being read: its totals so far."""

    record: Record
    record_count: int = 0
    part_count: int = 0
    sum_cents: int = 0


@dataclass(slots=True)
class _Reading:
    """All that is known while a file is read."""

    elements: Elements = field(default_factory=Elements)
    open: dict[str, _Open] = field(default_factory=dict)
    as_of_on: date | None = None
    account_number: str = ""
    balances: dict[str, int] = field(default_factory=dict)
    lines: list[StatementLine] = field(default_factory=list)
    accounts: list[AccountStatement] = field(default_factory=list)
    ended: bool = False


def read_bai2(content: bytes) -> ReadStatement:
    """Read a file; every broken rule is a finding, and nothing is repaired or guessed.

    Amounts are whole cents: BAI2 implies two decimals for USD, the one currency taken.
    """
    reading = _Reading()
    last_line = 1
    for record in logical_records(_decoded(content)):
        last_line = record.line
        _read(reading, record)
        if reading.elements.full:
            break
    else:
        _must_have_ended(reading, last_line)
    return ReadStatement(
        accounts=tuple(reading.accounts), findings=tuple(reading.elements.findings)
    )


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _must_have_ended(reading: _Reading, last_line: int) -> None:
    if not reading.ended:
        missing = next((end for end, begins in _ENDS.items() if begins in reading.open), "01")
        reading.elements.broken(
            Record(last_line, missing, "", 1),
            "file_incomplete",
            f"the file ends without its record {missing}",
            "The transfer was cut short: fetch the file again.",
        )


def _read(reading: _Reading, record: Record) -> None:
    readers = {
        "01": _file, "02": _group, "03": _account, "16": _detail,
        "49": _account_end, "98": _group_end, "99": _file_end,
    }  # fmt: skip
    reader = readers.get(record.code)
    for opened in reading.open.values():
        opened.record_count += record.physical_count
    if reader is None:
        reading.elements.broken(
            record,
            "record_unknown",
            "the record type is none of 01, 02, 03, 16, 49, 88, 98, 99",
            "Ask the bank for a BAI2 file, version 2.",
        )
        return
    if not _in_place(reading, record):
        return
    reader(reading, record)


def _in_place(reading: _Reading, record: Record) -> bool:
    parent = _PARENT.get(record.code)
    begins_twice = record.code in reading.open
    child = {"98": "03", "99": "02"}.get(record.code)
    orphan = parent is not None and parent not in reading.open
    unfinished = child is not None and child in reading.open
    after_end = reading.ended
    if not (orphan or begins_twice or unfinished or after_end):
        return True
    reading.elements.broken(
        record,
        "record_out_of_place",
        f"a record {record.code} may not stand here",
        "Ask the bank for the file again: records are missing or out of order.",
    )
    return False


def _begin(reading: _Reading, record: Record) -> None:
    reading.open[record.code] = _Open(record, record_count=record.physical_count)


def _file(reading: _Reading, record: Record) -> None:
    _begin(reading, record)
    fields = record.fields()
    for _ in range(2):
        fields.take()  # sender, receiver
    reading.elements.day(record, fields.take(), "file creation date")
    for _ in range(4):
        fields.take()  # time, file id, record length, block size
    version = fields.take()
    if version != "2":
        reading.elements.broken(
            record, "version", "the version number is not 2", "Ask the bank for BAI2, version 2."
        )


def _group(reading: _Reading, record: Record) -> None:
    _begin(reading, record)
    fields = record.fields()
    fields.take()  # ultimate receiver
    fields.take()  # originator
    if fields.take() != _UPDATE:
        reading.elements.broken(
            record,
            "group_status",
            "the group status is not 1 (update): deletions, corrections and tests are not taken",
            "Ask the bank for the whole corrected statement as an update.",
        )
    reading.as_of_on = reading.elements.day(record, fields.take(), "as-of date")
    fields.take()  # as-of time; 2400 and 9999 are the end of the day
    reading.elements.currency(record, fields.take())


def _account(reading: _Reading, record: Record) -> None:
    _begin(reading, record)
    fields = record.fields()
    reading.account_number = fields.take()
    if not reading.account_number:
        reading.elements.broken(
            record, "account_number_missing", "the account number is empty",
            "Ask the bank to fill field 2 of record 03.",
        )  # fmt: skip
    reading.elements.currency(record, fields.take())
    reading.lines, reading.balances = [], {}
    while not fields.empty:
        type_code = fields.take()
        if type_code:  # a continuation may leave an empty field behind
            _summary(reading, record, type_code, fields)


def _summary(reading: _Reading, record: Record, type_code: str, fields: Fields) -> None:
    """One balance or total of the account: amount, item count, funds type."""
    amount = fields.take()
    if amount:
        cents = reading.elements.cents(record, amount, signed=True)
        reading.balances[type_code] = cents
        reading.open["03"].sum_cents += cents
    fields.take()  # item count
    reading.elements.funds(record, fields)


def _detail(reading: _Reading, record: Record) -> None:
    line = reading.elements.line(record)
    if line is not None:
        reading.open["03"].sum_cents += line.amount_cents
        reading.lines.append(line)


def _account_end(reading: _Reading, record: Record) -> None:
    account = _end(reading, record)
    if reading.as_of_on is None:
        return
    reading.accounts.append(
        AccountStatement(
            line=account.record.line,
            account_number=reading.account_number,
            as_of_on=reading.as_of_on,
            lines=tuple(reading.lines),
            opening_cents=reading.balances.get(_OPENING_LEDGER),
            closing_cents=reading.balances.get(_CLOSING_LEDGER),
        )
    )


def _group_end(reading: _Reading, record: Record) -> None:
    _end(reading, record)


def _file_end(reading: _Reading, record: Record) -> None:
    _end(reading, record)
    reading.ended = True


def _end(reading: _Reading, record: Record) -> _Open:
    """Close what the trailer ends, and hold its control total and counts against it."""
    begun = _ENDS[record.code]
    ended = reading.open.pop(begun)
    name, elements, fields = _NAMES[begun], reading.elements, record.fields()
    total = elements.cents(record, fields.take(), signed=True)
    if total != ended.sum_cents:
        elements.broken(
            record,
            f"{name}_total",
            f"the control total of the {name} is {total} cents, its amounts add up to"
            f" {ended.sum_cents}",
            "Ask the bank for the file again; it was changed or cut after it was made.",
        )
    if begun != "03":
        elements.count(record, fields.take(), ended.part_count, f"{name}_part_count")
    elements.count(record, fields.take(), ended.record_count, f"{name}_record_count")
    parent = reading.open.get(_PARENT.get(begun, ""))
    if parent is not None:
        # the specification adds up the trailers' own totals, so one wrong amount is named once
        parent.sum_cents += total
        parent.part_count += 1
    return ended
