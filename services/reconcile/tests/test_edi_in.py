"""Reading BAI2: samples as banks write them, and every way in which a file may be wrong."""

from datetime import date

import pytest

from cleanclaim.chassis.context import InboundFile
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.reconcile import DepositRecorded
from cleanclaim.reconcile.domain.deposit import LineKind
from cleanclaim.reconcile.domain.statement import BankStatementRefused, StatementLine
from cleanclaim.reconcile.edi_in import read_bai2, take_file

from .builders import a_bank_file, a_credit, an_account, read, trn

# As a bank writes it: continued summaries, availability by S, V and D, text with commas, a return.
SAMPLE = b"""01,122099999,123456789,040621,0200,1,65,,2/
02,031001234,122099999,1,040620,2359,,2/
03,0975312468,,010,500000,,,190,70000000,4,0/
88,015,-70500000,,/
16,165,1500000,1,DD1620,,DEALER PAYMENTS
16,115,10000000,S,5000000,4000000,1000000/
88,AX13612,B096132,AMALGAMATED CORP. LOCKBOX
88,DEPOSIT-MISC. RECEIVABLES, PART 2
16,142,100,V,040621,,REF,CUST,TRN*1*1234567890*1999999
88,999\\
16,301,50,D,2,0,30,1,20,,,BRANCH/
16,475,4000,,,1001,CHECK PAID/
16,557,250,Z,R01,,RETURNED ITEM/
16,890,,,,,TEXT ONLY/
49,11504400,13/
98,11504400,1,15/
99,11504400,1,17/
"""


def lines_of(content: bytes) -> tuple[StatementLine, ...]:
    found = read_bai2(content)
    assert found.findings == ()
    return found.accounts[0].lines


def rules_of(content: bytes) -> list[str]:
    return [finding.rule for finding in read_bai2(content).findings]


def test_a_bank_s_sample_is_read_whole() -> None:
    found = read_bai2(SAMPLE)
    assert found.findings == ()
    (account,) = found.accounts
    assert (account.account_number, account.as_of_on) == ("0975312468", date(2004, 6, 20))
    assert (account.opening_cents, account.closing_cents) == (500_000, -70_500_000)
    assert [(line.type_code, line.kind, line.signed_cents) for line in account.lines] == [
        ("165", LineKind.CREDIT, 1_500_000),
        ("115", LineKind.CREDIT, 10_000_000),
        ("142", LineKind.CREDIT, 100),
        ("301", LineKind.CREDIT, 50),
        ("475", LineKind.OTHER_DEBIT, -4000),
        ("557", LineKind.RETURN, -250),
        ("890", LineKind.NOTICE, 0),
    ]


def test_references_and_text_are_told_apart() -> None:
    _, lockbox, trace, branch, *_ = lines_of(SAMPLE)
    assert (lockbox.bank_reference, lockbox.customer_reference) == ("AX13612", "B096132")
    assert lockbox.text_lines == (
        "AMALGAMATED CORP. LOCKBOX", "DEPOSIT-MISC. RECEIVABLES, PART 2",
    )  # fmt: skip
    assert (trace.bank_reference, trace.customer_reference) == ("REF", "CUST")
    assert trace.text_lines == ("TRN*1*1234567890*1999999", "999\\")
    assert branch.text_lines == ("BRANCH",)


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"     \n"),
        lambda text: b"\n" + text + b"\n\n",
        lambda text: text.replace(b"DEALER", b"D\xc9ALER"),
        lambda text: text.replace(b"040620", b"20040620"),
        lambda text: text.replace(b"49,11504400", b"49,+11504400"),
    ],
)
def test_how_banks_differ_does_not_matter(rewrite: object) -> None:
    assert rules_of(rewrite(SAMPLE)) == []  # type: ignore[operator]


@pytest.mark.parametrize(
    ("was", "becomes", "rules"),
    [
        (b"16,165,1500000", b"16,165,1500001", ["account_total"]),
        (b"49,11504400,13/", b"49,11504401,13/", ["account_total", "group_total"]),
        (b"98,11504400,1,", b"98,11504401,1,", ["group_total", "file_total"]),
        (b"99,11504400,1,", b"99,1,1,", ["file_total"]),
        (b"49,11504400,13/", b"49,11504400,12/", ["account_record_count"]),
        (b"98,11504400,1,15/", b"98,11504400,2,15/", ["group_part_count"]),
        (b"98,11504400,1,15/", b"98,11504400,1,14/", ["group_record_count"]),
        (b"99,11504400,1,17/", b"99,11504400,1,/", ["file_record_count"]),
        (b"99,11504400,1,17/", b"99,11504400,0,17/", ["file_part_count"]),
        (b"16,165,1500000", b"16,165,15000.00", ["amount", "account_total"]),
        (b"16,165,1500000", b"16,165,-1500000", ["amount", "account_total"]),
        (b"16,165,1500000", b"16,165,", ["amount", "account_total"]),
        (b"16,165,1500000", b"16,165,\xd9\xa1", ["amount", "account_total"]),
        (b"16,165,", b"16,099,", ["type_code", "account_total"]),
        (b"16,165,", b"16,ACH,", ["type_code", "account_total"]),
        (b"1500000,1,DD", b"1500000,Q,DD", ["funds_type"]),
        (b",D,2,0,30", b",D,x,0,30", ["funds_type"]),
        (b",1,040620,", b",3,040620,", ["group_status"]),
        (b",1,040620,", b",4,040620,", ["group_status"]),
        (b",1,040620,", b",1,041340,", ["date"]),
        (b",1,040620,", b",1,,", ["date"]),
        (b"01,122099999,123456789,040621", b"01,122099999,123456789,0406", ["date"]),
        (b"65,,2/", b"65,,3/", ["version"]),
        (b"040620,2359,,2/", b"040620,2359,EUR,2/", ["currency"]),
        (b"03,0975312468,,", b"03,0975312468,CAD,", ["currency"]),
        (b"03,0975312468,,", b"03,,,", ["account_number_missing"]),
        (b"99,11504400,1,17/\n", b"", ["file_incomplete"]),
        (b"98,11504400,1,15/\n99,11504400,1,17/\n", b"", ["file_incomplete"]),
        (b"98,11504400,1,15/\n", b"", ["record_out_of_place", "file_incomplete"]),
        (b"16,475", b"17,475", ["record_unknown", "account_total"]),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named(was: bytes, becomes: bytes, rules: list[str]) -> None:
    assert was in SAMPLE
    assert rules_of(SAMPLE.replace(was, becomes)) == rules


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"hello", b"88,TEXT/", b"\x00\xff", b"99,0,0,1/"]
)
def test_what_is_no_bank_file_is_refused(content: bytes) -> None:
    assert rules_of(content) != []


def test_a_finding_names_the_line_and_nothing_of_a_person() -> None:
    (finding, *_) = read_bai2(SAMPLE.replace(b"16,165,1500000", b"16,165,1O")).findings
    assert (finding.line, finding.record) == (5, "16")
    assert "DEALER" not in finding.message
    assert finding.fix


def test_records_after_the_end_are_out_of_place() -> None:
    assert rules_of(SAMPLE + SAMPLE)[0] == "record_out_of_place"


def test_a_hopeless_file_is_given_up_after_a_hundred_findings() -> None:
    assert len(read_bai2(b"77,x/\n" * 5000).findings) == 100


def test_several_groups_and_accounts_are_added_up() -> None:
    content = (
        b"01,B,C,260303,0600,1,,,2/\n"
        b"02,C,B,1,260302,2400,USD,2/\n03,1111,,/\n16,165,100,Z,,,A\n49,100,3/\n"
        b"03,2222,,/\n49,0,2/\n98,100,2,7/\n"
        b"02,C,B,1,260303,2400,USD,2/\n03,1111,,/\n16,165,50,Z,,,B\n49,50,3/\n98,50,1,5/\n"
        b"99,150,2,14/\n"
    )
    found = read_bai2(content)
    assert found.findings == ()
    assert [(one.account_number, one.as_of_on.day, len(one.lines)) for one in found.accounts] == [
        ("1111", 2, 1), ("2222", 2, 0), ("1111", 3, 1),
    ]  # fmt: skip


def inbound(content: bytes) -> InboundFile:
    return InboundFile(organization_id=ORGANIZATION, connection="bank", name="f", content=content)


async def test_a_file_of_the_mailbox_is_recorded_once(service: ServiceUnderTest) -> None:
    await an_account(service)
    file = inbound(a_bank_file(a_credit(text=trn("EFTONE"))))
    await take_file(service.context, file)
    await take_file(service.context, file)  # as after a crash
    assert len(await service.told(DepositRecorded)) == 1
    statements = await read(service, "/v1/bank-statements")
    assert [(one["status"], one["source"]) for one in statements["items"]] == [
        ("accepted", "mailbox:bank")
    ]


async def test_a_refused_file_of_the_mailbox_is_kept_with_its_findings(
    service: ServiceUnderTest,
) -> None:
    with pytest.raises(BankStatementRefused):
        await take_file(service.context, inbound(b"01,broken/"))
    (statement,) = (await read(service, "/v1/bank-statements?status=refused"))["items"]
    assert statement["findings"]
    assert (await read(service, "/v1/work-items"))["items"][0]["kind"] == "bank_statement_refused"
