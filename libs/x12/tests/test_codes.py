"""SNIP 5: each kind of code is found where the guides put it, in lists of the caller alone."""

from pathlib import Path

import pytest

from cleanclaim.x12 import CODE_KINDS, Checks, acknowledge, parse
from cleanclaim.x12.command.code_lists import NoCodeList, code_list
from cleanclaim.x12.command.main import main

from .builders import an_envelope

SAMPLES = Path(__file__).parent.parent / "samples"
CLAIM = SAMPLES / "clean_professional_claim.edi"
PAID = SAMPLES / "clean_remittance.edi"


class Anything:
    """A list that knows every code and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __contains__(self, code):
        self.asked.append(code)
        return True


def sample(name, changes):
    text = (SAMPLES / f"{name}.edi").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


# kind -> sample, changes, where its first code stands (segment, element, component, code)
PLACES = {
    "admission-source": ("inpatient_claim", [], ("CL1", 2, 0, "2")),
    "admission-type": ("inpatient_claim", [], ("CL1", 1, 0, "1")),
    "bill-type": ("inpatient_claim", [], ("CLM", 5, 1, "11")),
    "carc": ("clean_remittance", [], ("CAS", 2, 0, "45")),
    "cdt": ("dental_claim", [], ("SV3", 1, 2, "D2392")),
    "claim-status": ("claim_acknowledgement_mixed", [], ("STC", 1, 2, "19")),
    "claim-status-category": ("claim_acknowledgement_mixed", [], ("STC", 1, 1, "A1")),
    "condition": ("inpatient_claim", [], ("HI", 1, 2, "09")),
    "country": (
        "clean_professional_claim",
        [("N4*MIAMI*FL*331320001", "N4*TORONTO*ON*M5V3L9*CA")],
        ("N4", 4, 0, "CA"),
    ),
    "currency": (
        "clean_professional_claim",
        [("NM1*85", "CUR*85*USD~\nNM1*85")],
        ("CUR", 2, 0, "USD"),
    ),
    "drg": ("inpatient_claim", [], ("HI", 1, 2, "343")),
    "hcpcs": ("clean_professional_claim", [], ("SV1", 1, 2, "99214")),
    "hipps": ("outpatient_claim", [("HC:99283", "HP:99283")], ("SV2", 2, 2, "99283")),
    "icd10cm": ("clean_professional_claim", [], ("HI", 1, 2, "E119")),
    "icd10pcs": ("inpatient_claim", [], ("HI", 1, 2, "0DTJ4ZZ")),
    "icd9cm": ("clean_professional_claim", [("ABK:E119", "BK:25000")], ("HI", 1, 2, "25000")),
    "modifier": ("clean_professional_claim", [("99214*", "99214:25*")], ("SV1", 1, 3, "25")),
    "ncpdp-reject": (
        "clean_remittance",
        [("AMT*B6*80~", "AMT*B6*80~\nLQ*RX*70~")],
        ("LQ", 2, 0, "70"),
    ),
    "ndc": ("outpatient_claim", [], ("LIN", 3, 0, "00409379501")),
    "occurrence": ("inpatient_claim", [], ("HI", 1, 2, "11")),
    "occurrence-span": ("inpatient_claim", [], ("HI", 1, 2, "72")),
    "patient-status": ("inpatient_claim", [], ("CL1", 3, 0, "01")),
    "place-of-service": ("clean_professional_claim", [], ("CLM", 5, 1, "11")),
    "rarc": (
        "clean_remittance",
        [("AMT*B6*80~", "AMT*B6*80~\nLQ*HE*N362~")],
        ("LQ", 2, 0, "N362"),
    ),
    "revenue": ("inpatient_claim", [], ("SV2", 1, 0, "0120")),
    "state": ("clean_professional_claim", [], ("N4", 2, 0, "FL")),
    "taxonomy": ("clean_professional_claim", [], ("PRV", 3, 0, "207Q00000X")),
    "tooth": ("dental_claim", [], ("TOO", 2, 0, "3")),
    "treatment": ("inpatient_claim", [("HI*BG:09*BG:C5", "HI*TC:A1")], ("HI", 1, 2, "A1")),
    "value": ("inpatient_claim", [], ("HI", 1, 2, "80")),
}


@pytest.mark.parametrize("kind", CODE_KINDS)
def test_a_code_that_the_list_has_not_is_told_at_its_place(kind):
    name, changes, place = PLACES[kind]
    payload = sample(name, changes)
    found = [
        one for one in parse(payload, checks=Checks(codes={kind: ()})).findings if one.snip > 3
    ]
    assert found
    assert {(one.rule, one.severity, one.snip, one.code) for one in found} == {
        (f"unknown-{kind}", "warning", 5, "7")
    }
    at = found[0]
    assert (at.segment_id, at.element, at.component, at.value) == place
    known = Anything()
    assert parse(payload, checks=Checks(codes={kind: known})).findings == parse(payload).findings
    assert known.asked == [one.value for one in found]


def test_moa_mia_and_every_triple_of_a_cas_are_looked_at():
    payload = sample(
        "clean_remittance",
        [
            ("DTM*050", "MOA***N1*N2~\nDTM*050"),
            ("CAS*CO*45*20~", "CAS*CO*45*10**97*10~"),
            ("SE*21*", "SE*22*"),
        ],
    )
    checks = Checks(codes={"carc": {"45", "1"}, "rarc": {"N1"}})
    assert [(one.rule, one.element) for one in parse(payload, checks=checks).findings] == [
        ("unknown-rarc", 4),
        ("unknown-carc", 5),
    ]


def test_a_state_outside_the_lands_of_the_list_is_none():
    abroad = sample("clean_professional_claim", [("N4*MIAMI*FL*331320001", "N4*ROMA*RM*00100*IT")])
    assert parse(abroad, checks=Checks(codes={"state": {"FL"}})).findings == []


def test_a_kind_that_is_none_is_refused_with_the_kinds():
    with pytest.raises(ValueError, match=r"icd10 is no kind of code list.*icd10cm"):
        Checks(codes={"icd10": {"E119"}})


def test_a_grave_code_is_rejected_by_a_999_that_names_it():
    checks = Checks(codes={"icd10cm": {"I10"}}, code_severity="error")
    document = parse(CLAIM.read_bytes(), checks=checks)
    answer = acknowledge(document, envelope=an_envelope(), snip=frozenset({1, 2, 5})).decode()
    assert "IK4*1:2*1271*7*E119~" in answer


# the command


@pytest.fixture
def run(capsys):
    def running(*arguments):
        code = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return running


def test_a_list_from_a_file_is_one_code_a_line(tmp_path):
    file = tmp_path / "codes.txt"
    file.write_text('\ufeff# our list\nE11.9\ttype 2\n\n"I10",x\n', encoding="utf-8")
    assert code_list("icd10cm", file).codes == {"E119", "I10"}
    file.write_text("# nothing\n")
    with pytest.raises(NoCodeList, match="holds no code"):
        code_list("icd10cm", file)


def test_the_command_checks_against_lists_and_joins_those_of_one_kind(run, tmp_path):
    (tmp_path / "one").write_text("E119\n")
    (tmp_path / "two").write_text("I10\nJ01.90\n")
    one = f"--codes=icd10cm={tmp_path / 'one'}"
    code, out, _ = run("check", one, CLAIM)
    assert code == 1
    assert "[unknown-icd10cm] in loop 2300" in out
    assert run("check", one, f"--codes=icd10cm={tmp_path / 'two'}", CLAIM)[0] == 0


def test_the_command_checks_situations_when_asked(run, tmp_path):
    file = tmp_path / "claims.edi"
    file.write_bytes(sample("clean_professional_claim", [(":B:1*", ":B:7*")]))
    assert run("check", file)[0] == 0
    code, out, _ = run("check", "--snip", "4", file)
    assert code == 1
    assert "[original-reference-missing]" in out


def test_wrong_options_end_with_two_and_say_what_to_write(run, tmp_path):
    for option in ("icd=codes.txt", "carc", f"carc={tmp_path / 'none'}"):
        with pytest.raises(SystemExit) as ended:
            run("check", "--codes", option, CLAIM)
        assert ended.value.code == 2
    code, _, told = run("check", "--snip", "5", CLAIM)
    assert code == 2
    assert "add --codes KIND=FILE" in told
