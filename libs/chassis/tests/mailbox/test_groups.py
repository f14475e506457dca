"""Whose file it is can be read from its first bytes, with whatever delimiters it uses."""

import pytest

from cleanclaim.chassis.mailbox import groups_of, peek_group


def an_interchange(*segments, separator="*", terminator="~", line_end=""):
    """An ISA of 106 characters, then the segments, all with the given delimiters."""
    widths = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
    values = ("00", "", "00", "", "ZZ", "PAYER", "ZZ", "MERCY", "260302", "0900", "^", "00501",
              "000000001", "0", "T", ":")  # fmt: skip
    padded = [value.ljust(width) for value, width in zip(values, widths, strict=True)]
    isa = separator.join(["ISA", *padded])
    written = [one.replace("*", separator) for one in segments]
    return "".join(
        one + terminator + line_end for one in [isa, *written, "IEA*1*000000001"]
    ).encode()


GS_HP = "GS*HP*PAYER*MERCY*20260302*0900*1*X*005010X221A1"
GS_FA = "GS*FA*PAYER*MERCY*20260302*0900*1*X*005010X231A1"
TA1 = "TA1*000000001*260302*0900*A*000"

HEADS = {
    "remittance": (an_interchange(GS_HP), "HP"),
    "acknowledgement": (an_interchange(GS_FA), "FA"),
    "other delimiters": (an_interchange(GS_HP, separator="|", terminator="\x1c"), "HP"),
    "delimiters that a pattern would read": (an_interchange(GS_HP, separator="+", terminator="?"), "HP"),
    "a line a segment": (an_interchange(GS_HP, line_end="\r\n"), "HP"),
    "line feed as terminator": (an_interchange(GS_HP, terminator="\n"), "HP"),
    "blank lines and a byte order mark before": (b"\xef\xbb\xbf\r\n " + an_interchange(GS_HP), "HP"),
    "acknowledged interchange before the group": (an_interchange(TA1, GS_FA), "FA"),
    "bare interchange acknowledgement": (an_interchange(TA1), "TA1"),
    "cut after the group's code": (an_interchange(GS_HP)[:120], "HP"),
    "bank statement": (b"01,BANK,MERCY,260302,0900,1,80,1,2/\n", "BAI2"),
    "bank statement in XML": (
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">',
        "CAMT053",
    ),
    "another XML": (b"<Bundle xmlns='http://hl7.org/fhir'>", None),
    "empty": (b"", None),
    "ISA alone": (an_interchange()[:106], None),
    "ISA cut short": (an_interchange(GS_HP)[:100], None),
    "letters as delimiters": (b"ISA" + b"A" * 150, None),
    "not EDI": (b"Dear Sir or Madam, GS*HP*", None),
    "group's code of one letter": (an_interchange("GS*H*PAYER"), None),
    "a GS inside an element": (an_interchange("NTE*ADD*GS HP"), None),
}  # fmt: skip


@pytest.mark.parametrize(("head", "kind"), HEADS.values(), ids=HEADS.keys())
def test_a_files_head_tells_its_kind(head, kind):
    assert peek_group(head) == kind


def test_a_file_that_mixes_groups_shows_them_all():
    mixed = (
        an_interchange(GS_HP)
        + b"\r\n"
        + an_interchange(GS_FA, GS_HP, separator="|", terminator="!")
    )
    assert groups_of(mixed) == ("HP", "FA")
