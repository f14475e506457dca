"""Lists of payers: three forms, the same rows; every wrong row is named before any is sent."""

import json

import pytest

from cleanclaim.ops.errors import WrongUseError
from cleanclaim.ops.payer_lists import payers_in

ROW = {
    "name": "Lakeside",
    "payer_identifier": "LMH01",
    "timely_filing_days": 180,
    "takes_replacement": False,
    "enrolled_transactions": ["837P", "835"],
}
TOML = """[[payers]]
name = "Lakeside"
payer_identifier = "LMH01"
timely_filing_days = 180
takes_replacement = false
enrolled_transactions = ["837P", "835"]
"""
CSV = """\ufeffname,payer_identifier,timely_filing_days,takes_replacement,enrolled_transactions
Lakeside,LMH01,180,no,837P; 835
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("payers.toml", TOML),
        ("payers.csv", CSV),
        ("payers.json", json.dumps([ROW])),
        ("payers.json", json.dumps({"payers": [ROW]})),
    ],
)
def test_every_form_says_the_same(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    usual = {"effective_from_on": "2000-01-01", "claim_filing_indicator": "CI"}
    assert payers_in(path) == [{**usual, **ROW}]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.csv", "name,payer_identifier\nA,P1\n", "payer 1: timely_filing_days is missing"),
        ("p.csv", CSV + "B,P2,ninety,no,\n", "payer 2: timely_filing_days is a whole number"),
        ("p.csv", CSV + "B,P2,90,perhaps,\n", "payer 2: takes_replacement is true or false"),
        ("p.csv", CSV + "B,P2\n", "payer 2: the line has more or fewer cells"),
        ("p.csv", CSV + "Again,LMH01,90,yes,\n", "payer 2: payer_identifier is payer 1's"),
        ("p.json", '[{"nmae": "A"}]', "payer 1: no field is named nmae"),
        ("p.json", '[{"name": "A", "timely_filing_days": true}]', "is a whole number of days"),
        ("p.json", "[1]", "a list of payers was expected"),
        ("p.json", "{", "is not well-formed"),
        ("p.toml", "[[payers", "is not well-formed"),
        ("p.json", "[]", "names no payer"),
        ("p.xml", "<payers/>", "a .toml, .json or .csv file"),
    ],
)
def test_a_wrong_list_is_refused_whole(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUseError, match=said.replace("(", r"\(")):
        payers_in(path)


def test_a_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(WrongUseError, match="cannot be read: FileNotFoundError"):
        payers_in(tmp_path / "gone.csv")
