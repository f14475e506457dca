"""The command line: what it prints, what it writes, how it ends."""

import io
import json
import sys
from pathlib import Path

import pytest

from cleanclaim.x12 import acknowledgements_for, build_837p, parse
from cleanclaim.x12.command import sources
from cleanclaim.x12.command.main import main
from cleanclaim.x12.testing import judged_by_pyx12

from .builders import a_claim, a_dependent, an_envelope

SAMPLES = Path(__file__).parent.parent / "samples"
CLAIMS = SAMPLES / "clean_professional_claim.edi"
FAULTY = SAMPLES / "faulty_claim.edi"
PAYMENT = SAMPLES / "reversal_and_correction_with_plb.edi"
WARNED = SAMPLES / "claim_without_lines.edi"
ALL = sorted(SAMPLES.glob("*.edi"))
PERSONAL = ["OKAFOR", "IRIS", "M100200300", "ELM STREET", "331320001", "19800229", "PCN1"]


@pytest.fixture
def run(capsysbinary):
    def running(*arguments):
        code = main([str(argument) for argument in arguments])
        told = capsysbinary.readouterr()
        return code, told.out.decode(), told.err.decode()

    return running


def from_input(monkeypatch, payload):
    """Standard input as a pipe has it: bytes that cannot be read twice."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    class Input:
        buffer = Pipe(payload)

    monkeypatch.setattr(sys, "stdin", Input())


# check


def test_a_clean_file_is_told_in_one_line_and_ends_with_zero(run):
    code, out, _ = run("check", CLAIMS)
    assert (code, out) == (0, f"{CLAIMS}: clean (837P: 1 set; 2 claims)\n")


def test_findings_are_told_with_file_segment_rule_and_a_mark_under_the_element(run):
    code, out, _ = run("check", FAULTY)
    assert code == 1
    lines = out.splitlines()
    told = "error: N401 is required: send it [element-missing] in loop 2010BA, set 0001"
    assert lines[0] == f"{FAULTY}:16: {told}"
    assert lines[1:3] == ["    N4**FL*#########", "       ^"]
    assert lines[4:6] == ["    HI*XXX:J0190", "       ^^^"]
    assert lines[-1] == f"{FAULTY}: 2 errors (837P: 1 set; 2 claims)"


@pytest.mark.parametrize("path", ALL, ids=[path.name for path in ALL])
def test_no_personal_value_is_printed_unless_asked_for(path, run):
    for arguments in (["check"], ["check", "--json"], ["stats"], ["stats", "--json"]):
        _, out, err = run(*arguments, path)
        assert not [value for value in PERSONAL if value in out + err]


def test_values_are_printed_when_asked_for(run):
    _, out, _ = run("check", "--values", FAULTY)
    assert "N4**FL*331320001" in out
    assert "(it is 'XXX')" in out


def test_each_finding_is_an_object_a_line_for_a_program(run):
    _, out, _ = run("check", "--json", FAULTY)
    *findings, last = [json.loads(line) for line in out.splitlines()]
    assert [row["rule"] for row in findings] == ["element-missing", "code-not-used"]
    assert findings[1]["segment_number"] == 20
    assert findings[1]["value"] == ""
    assert (last["type"], last["errors"], last["sets"]) == ("file", 2, {"837P": 1})


def test_a_warning_is_a_finding_unless_only_errors_are_asked_for(run):
    assert run("check", WARNED)[0] == 1
    assert run("check", "--errors-only", WARNED)[0] == 0


def test_a_finding_of_a_loop_above_the_claims_is_told_once(run, tmp_path):
    path = tmp_path / "claims.edi"
    path.write_bytes(CLAIMS.read_bytes().replace(b"N4*MIAMI", b"N4*", 1))
    _, out, _ = run("check", path)
    assert out.count("element-missing") == 1


def test_a_pipe_is_checked_like_a_file(run, monkeypatch):
    from_input(monkeypatch, FAULTY.read_bytes())
    code, out, _ = run("check", "-")
    assert code == 1
    assert "<stdin>:16: error: N401 is required" in out
    assert "    N4**FL*#########" in out


def test_the_mark_stands_under_the_element_of_a_long_segment(run, tmp_path):
    path = tmp_path / "twice.edi"
    path.write_bytes(CLAIMS.read_bytes() * 2)
    _, out, _ = run("check", path)
    told, line, mark = out.splitlines()[:3]
    assert "[isa-duplicate]" in told
    assert line[mark.index("^") : mark.rindex("^") + 1] == "000000042"


def test_control_characters_as_delimiters_are_shown_as_the_usual_ones(run, tmp_path):
    path = tmp_path / "odd.edi"
    odd = (SAMPLES / "odd_delimiters.edi").read_bytes().replace(b"\x1d45\x1d", b"\x1d\x1d", 1)
    path.write_bytes(odd)
    _, out, _ = run("check", path)
    assert "    CAS*CO**10" in out or "    CAS*" in out


UNREADABLE = {"nothing": b"", "a letter": b"Dear Sir,\n", "an ISA cut short": b"ISA*00*"}


@pytest.mark.parametrize("verb", ["check", "show", "ack", "stats", "redact"])
@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_x12_ends_with_two_and_a_sentence(run, tmp_path, verb, payload):
    path = tmp_path / "letter.txt"
    path.write_bytes(payload)
    code, out, err = run(verb, path)
    assert (code, out) == (2, "")
    assert err.startswith(f"cleanclaim-x12: {path}: ")


def test_one_missing_file_does_not_stop_the_others(run, tmp_path):
    missing = tmp_path / "missing.edi"
    code, out, err = run("check", missing, CLAIMS)
    assert code == 2
    assert f"{CLAIMS}: clean" in out
    assert f"{missing}: No such file" in err


def test_progress_is_told_on_a_terminal_for_a_big_file_only(run, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for smallest, told in ((1, True), (1 << 22, False)):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sources, "TOLD_FROM", smallest)
        run("stats", CLAIMS)
        assert ("clean_professional_claim.edi: 100 % of 0 MB" in terminal.getvalue()) is told


# show


def test_a_claim_is_shown_as_a_person_reads_it(run):
    code, out, _ = run("show", "--claim", "PCN1", CLAIMS)
    assert code == 0
    assert "1. Claim 837P PCN1 at segment 19 of set 0001, bytes 670 to 947" in out
    assert "charge 185.00" in out
    assert "IRIS OKAFOR, member M100200300, born 1980-02-29" in out
    assert "line 2: number 2, charge 35.00, procedure HC 36415" in out
    assert "LEO" not in out


def test_the_second_item_is_shown_alone(run):
    _, out, _ = run("show", "--nth", "2", CLAIMS)
    assert "2. Claim 837P PCN2" in out
    assert "PCN1" not in out


def test_a_payment_is_shown_with_its_adjustments_and_envelopes(run):
    _, out, _ = run("show", PAYMENT)
    assert out.startswith("Interchange 000000042, from SUBMITTER01 to RECEIVER01")
    assert "Claim payment 835 PCN1 at segment 12 of set 0001" in out
    assert "adjustments: CO-45 -20.00; PR-1 -30.00" in out
    assert "Provider adjustment 835" in out


def test_a_claim_that_is_not_there_ends_with_one(run):
    code, out, err = run("show", "--claim", "PCN9", CLAIMS)
    assert (code, out) == (1, "")
    assert "it holds nothing of what you asked for" in err


def test_findings_stand_beneath_the_claim_they_belong_to(run):
    _, out, _ = run("show", "--claim", "PCN1", FAULTY)
    assert "  ! error: HI01-1 must be a code of the guide" in out


@pytest.mark.parametrize("path", ALL, ids=[path.name for path in ALL])
def test_everything_that_is_read_can_be_shown_and_told_as_json(path, run):
    code, out, _ = run("show", path)
    assert code == 0
    assert "Struct" not in out
    assert "Position(" not in out
    _, told, _ = run("show", "--json", path)
    rows = [json.loads(line) for line in told.splitlines()]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(f"{row['number']}. " in out for row in rows)


# ack


def test_an_answer_tells_what_is_wrong_and_is_accepted_by_another_reader(run):
    code, out, _ = run("ack", FAULTY, "--at", "2026-01-06T08:30", "--control-number", "77")
    (answer,) = parse(out.encode()).acknowledgements
    assert (code, answer.status) == (1, "R")
    assert parse(out.encode()).interchanges[0].receiver == "SUBMITTER01"
    assert parse(out.encode()).interchanges[0].control_number == "000000077"
    assert judged_by_pyx12(out.encode()) == []


def test_an_answer_to_a_clean_file_accepts_and_ends_with_zero(run, tmp_path):
    target = tmp_path / "answer.999"
    code, out, _ = run("ack", CLAIMS, "--to", target)
    assert (code, out) == (0, "")
    assert parse(target.read_bytes()).acknowledgements[0].status == "A"
    assert list(tmp_path.iterdir()) == [target]


def test_a_stream_is_answered_as_the_whole_file_is(run, tmp_path):
    path = tmp_path / "claims.edi"
    path.write_bytes(CLAIMS.read_bytes().replace(b"N4*MIAMI", b"N4*", 1))
    _, out, _ = run("ack", "--json", path)
    (row,) = [json.loads(line) for line in out.splitlines()]
    (whole,) = acknowledgements_for(parse(path.read_bytes()))
    told = row["acknowledgements"][0]
    assert told["status"] == whole.status
    assert len(told["sets"][0]["segment_errors"]) == len(whole.sets[0].segment_errors)


def test_each_interchange_of_a_file_is_answered_to_its_own_sender(run, tmp_path):
    path = tmp_path / "two.edi"
    other = CLAIMS.read_bytes().replace(b"SUBMITTER01    ", b"OTHERCLINIC    ", 1)
    path.write_bytes(CLAIMS.read_bytes() + other)
    _, out, _ = run("ack", path)
    answers = parse(out.encode()).interchanges
    assert [one.receiver for one in answers] == ["SUBMITTER01", "OTHERCLINIC"]
    assert [one.control_number for one in answers] == ["000000001", "000000002"]


def test_a_file_of_answers_is_not_answered(run):
    for name in ("acknowledged_999_accepted.edi", "interchange_rejected_ta1.edi"):
        assert run("ack", SAMPLES / name)[:2] == (0, "")


def test_an_interchange_that_asks_for_a_ta1_gets_one(run, tmp_path):
    path = tmp_path / "asking.edi"
    path.write_bytes(CLAIMS.read_bytes().replace(b"*0*T*:~", b"*1*T*:~", 1))
    _, out, _ = run("ack", "--at", "2026-01-06T08:30", path)
    assert "TA1*000000042*260106*0830*A*000~" in out
    assert parse(out.encode()).findings == []


@pytest.mark.parametrize("path", ALL, ids=[path.name for path in ALL])
def test_a_stream_of_any_kind_is_answered_as_the_whole_file_is(path, run):
    document = parse(path.read_bytes())
    _, out, _ = run("ack", path)
    answered = parse(out.encode()) if out else None
    told = [(a.status, a.sets) for a in answered.acknowledgements] if answered else []
    assert told == [(a.status, a.sets) for a in acknowledgements_for(document)]


# split


def a_batch(claims):
    made = [
        a_claim(f"PCN{n}", patient=a_dependent() if n % 3 == 0 else None) for n in range(claims)
    ]
    return build_837p(made, envelope=an_envelope(), reference="B1")


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_parts_of_so_many_claims_are_valid_and_hold_every_claim_once(run, tmp_path, size):
    path = tmp_path / "claims.edi"
    path.write_bytes(a_batch(10))
    code, out, err = run("split", "--claims", size, "--to", tmp_path, path)
    assert (code, err) == (0, "")
    documents = [parse(Path(name).read_bytes()) for name in out.split()]
    assert [finding for document in documents for finding in document.findings] == []
    assert all(len(document.claims) <= size for document in documents)
    found = [claim.patient_control_number for d in documents for claim in d.claims]
    assert found == [claim.patient_control_number for claim in parse(path.read_bytes()).claims]
    controls = [d.interchanges[0].control_number for d in documents]
    assert controls == [f"{42 + n:09d}" for n in range(len(documents))]
    assert len({d.transaction_sets[0].reference for d in documents}) == len(documents)
    assert judged_by_pyx12(Path(out.split()[-1]).read_bytes()) == []


def test_a_split_claim_says_what_it_said_before(run, tmp_path):
    path = tmp_path / "claims.edi"
    path.write_bytes(a_batch(4))
    _, out, _ = run("split", "--claims", 1, "--to", tmp_path, path)
    before = parse(path.read_bytes()).claims
    after = [claim for name in out.split() for claim in parse(Path(name).read_bytes()).claims]
    assert [c.patient_party for c in after] == [c.patient_party for c in before]
    assert [c.lines for c in after] == [c.lines for c in before]


def two_sets():
    text = CLAIMS.read_bytes()
    start, end = text.index(b"ST*837"), text.index(b"GE*1*7")
    second = text[start:end].replace(b"*0001", b"*0002")
    return text[:end] + second + text[end:].replace(b"GE*1", b"GE*2")


def test_each_set_goes_to_a_file_of_its_own(run, tmp_path):
    path = tmp_path / "claims.edi"
    path.write_bytes(two_sets())
    code, out, _ = run("split", "--by-set", "--to", tmp_path, path, "--control-number", "900")
    documents = [parse(Path(name).read_bytes()) for name in out.split()]
    assert code == 0
    assert [d.transaction_sets[0].control_number for d in documents] == ["0001", "0002"]
    assert [d.interchanges[0].control_number for d in documents] == ["000000900", "000000901"]
    assert all(d.findings == [] for d in documents)


def test_each_group_goes_to_a_file_with_all_its_sets(run, tmp_path):
    path = tmp_path / "both.edi"
    payment = PAYMENT.read_bytes().replace(b"000000042", b"000000099")
    path.write_bytes(two_sets() + payment)
    _, out, _ = run("split", "--by-group", "--to", tmp_path, path)
    documents = [parse(Path(name).read_bytes()) for name in out.split()]
    assert [[s.kind for s in d.transaction_sets] for d in documents] == [["837P", "837P"], ["835"]]
    assert all(d.findings == [] for d in documents)


def test_a_payment_stays_whole_when_claims_are_split(run, tmp_path):
    _, out, _ = run("split", "--claims", 1, "--to", tmp_path, PAYMENT)
    (name,) = out.split()
    assert parse(Path(name).read_bytes()).findings == []


def test_a_file_that_is_there_is_not_overwritten_unless_forced(run, tmp_path):
    assert run("split", "--by-set", "--to", tmp_path, CLAIMS)[0] == 0
    code, _, err = run("split", "--by-set", "--to", tmp_path, CLAIMS)
    assert code == 2
    assert "--force" in err
    assert run("split", "--by-set", "--force", "--to", tmp_path, CLAIMS)[0] == 0


def test_a_wrong_count_is_put_right_and_told(run, tmp_path):
    path = tmp_path / "claims.edi"
    path.write_bytes(CLAIMS.read_bytes().replace(b"SE*", b"SE*9"))
    code, out, err = run("split", "--by-set", "--to", tmp_path, path)
    assert code == 1
    assert "SE01 said another count: put right" in err
    assert parse(Path(out.strip()).read_bytes()).findings == []


def test_a_set_that_was_cut_stays_cut(run, tmp_path):
    path = tmp_path / "claims.edi"
    path.write_bytes(CLAIMS.read_bytes()[:-200])
    code, out, err = run("split", "--claims", 1, "--to", tmp_path, path)
    assert code == 1
    assert "has no SE" in err
    last = parse(Path(out.split()[-1]).read_bytes())
    assert "se-missing" in {finding.rule for finding in last.findings}


# stats


def test_totals_are_counted_by_kind_payer_and_rule(run):
    code, out, _ = run("stats", CLAIMS)
    assert code == 0
    assert "1 set of 837P 005010X222A1" in out
    assert "Claim 837P: 2, charge 285.00" in out
    assert "payer ACME HEALTH PLAN (60054): 2, charge 285.00" in out
    code, out, _ = run("stats", "--json", FAULTY, PAYMENT)
    faulty, payment = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert faulty["findings"] == {"element-missing": 1, "code-not-used": 1}
    assert payment["items"]["Claim payment 835"]["paid_cents"] == 190_00
    assert payment["bytes"] == PAYMENT.stat().st_size


# the whole


def test_help_shows_verbs_examples_and_exit_codes(capsys):
    for arguments in (["--help"], *([verb, "--help"] for verb in ("check", "split", "redact"))):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "exit codes: 0 clean, 1 findings, 2 unreadable" in told
    assert "cleanclaim-x12 split --claims 500 claims.edi" in told


def test_a_wrong_option_ends_with_two():
    for arguments in (
        ["split", "x.edi"],
        ["ack", "--at", "noon", "x"],
        ["show", "--nth", "0", "x"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
