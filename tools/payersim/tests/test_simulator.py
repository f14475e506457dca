"""The simulated world answers with files that others accept, equal for equal seeds."""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from cleanclaim.payersim.decisions import decide, thousandth
from cleanclaim.payersim.main import main
from cleanclaim.payersim.scenario import ScenarioUnreadable, read_scenario
from cleanclaim.payersim.simulator import Simulator
from cleanclaim.x12 import parse
from cleanclaim.x12.testing import judged_by_pyx12

from .builders import a_claim, a_file, a_line

MONDAY = date(2026, 3, 2)
DEMO = Path(str(files("cleanclaim.payersim"))) / "scenarios" / "demo.toml"


def a_world(folder: Path, *, seed: int = 7, scenario: Path = DEMO) -> Simulator:
    mailbox, bank = folder / "clearinghouse", folder / "bank"
    (mailbox / "outbound").mkdir(parents=True, exist_ok=True)
    return Simulator(
        mailbox=mailbox,
        bank_mailbox=bank,
        scenario=read_scenario(scenario),
        seed=seed,
        memory=folder / "memory.json",
    )


def a_scenario(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    payer = '[[payers]]\nname = "P"\nidentifier = "PMH01"\noriginating_company_id = "1990000011"\n'
    path.write_text(payer + text)
    return path


def put(folder: Path, name: str, content: bytes) -> None:
    (folder / "clearinghouse" / "outbound" / name).write_bytes(content)


def claims(count: int = 60):
    payers = ("PMH01", "NWH02", "IMC03", "LKB04")
    return [
        a_claim(number, payer=payers[number % 4], member=f"W{number:09d}")
        for number in range(1, count + 1)
    ]


def inbound(folder: Path, box: str = "clearinghouse") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / box / "inbound").iterdir()}


def test_every_answer_is_accepted_by_an_independent_reader(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    put(tmp_path, "837P_1.x12", a_file(claims()))
    world.answer_outbound(today=MONDAY)
    world.pay_until(today=MONDAY + timedelta(days=60))
    written = inbound(tmp_path)
    assert {name.split("_")[0] for name in written} == {"999", "277CA", "835"}
    complaints = {name: judged_by_pyx12(content) for name, content in written.items()}
    assert {name: found for name, found in complaints.items() if found} == {}
    assert [one for content in written.values() for one in parse(content).findings] == []


def test_the_money_of_remittances_and_bank_agrees_but_for_what_was_arranged(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    put(tmp_path, "837P_1.x12", a_file(claims()))
    world.answer_outbound(today=MONDAY)
    world.pay_until(today=MONDAY + timedelta(days=60))
    remitted = {
        head.trace_number: (head.payer.name, head.payment_cents)
        for content in inbound(tmp_path).values()
        for head in parse(content).remittances
    }
    banked: dict[str, int] = {}
    for content in inbound(tmp_path, "bank").values():
        lines = content.decode().splitlines()
        for credit, addenda in zip(lines[3:-3:2], lines[4:-3:2], strict=True):
            banked[addenda.split("*")[2]] = int(credit.split(",")[2])
    for trace, (payer, cents) in remitted.items():
        if payer == "Invented Medicare Contractor" or cents == 0:
            assert trace not in banked
        else:
            assert cents - banked[trace] == (1 if payer == "Lakeshore Blue" else 0)
    assert len(banked) >= 3


def test_decisions_do_not_depend_on_numbers_or_order(tmp_path: Path) -> None:
    scenario = read_scenario(DEMO)
    one, other = a_claim(1, member="W1"), a_claim(99, member="W1")
    assert thousandth(one, 7) == thousandth(other, 7)
    assert decide(one, scenario, seed=7) == decide(other, scenario, seed=7)
    spread = {thousandth(claim, 7) // 100 for claim in claims(200)}
    assert spread == set(range(10))


def test_two_runs_with_one_seed_write_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        world = a_world(tmp_path / name)
        put(tmp_path / name, "837P_1.x12", a_file(claims(20)))
        world.answer_outbound(today=MONDAY)
        world.pay_until(today=MONDAY + timedelta(days=60))
        written.append((inbound(tmp_path / name), inbound(tmp_path / name, "bank")))
    assert written[0] == written[1]


def test_a_file_is_answered_once_by_however_many_runs(tmp_path: Path) -> None:
    put_first = a_world(tmp_path)
    put(tmp_path, "837P_1.x12", a_file(claims(4)))
    assert put_first.answer_outbound(today=MONDAY) != []
    assert a_world(tmp_path).answer_outbound(today=MONDAY) == []
    paid = a_world(tmp_path).pay_until(today=MONDAY + timedelta(days=60))
    assert paid != []
    assert a_world(tmp_path).pay_until(today=MONDAY + timedelta(days=61)) == []


def test_a_rejected_set_takes_its_claims_and_no_other(tmp_path: Path) -> None:
    rule = '[[rules]]\nname = "x"\noutcome = "reject_999"\nprocedure = "G0442"\n'
    world = a_world(tmp_path, scenario=a_scenario(tmp_path, rule))
    good, bad = a_claim(1), a_claim(2, lines=[a_line(1, "G0442")])
    put(tmp_path, "837P_1.x12", a_file([good, bad], claims_per_set=1))
    world.answer_outbound(today=MONDAY)
    answer = parse(inbound(tmp_path)["999_000001.x12"]).acknowledgements[0]
    assert (answer.status, [one.status for one in answer.sets]) == ("P", ["A", "R"])
    assert judged_by_pyx12(inbound(tmp_path)["999_000001.x12"]) == []
    outcomes = {one["patient_control_number"]: one["outcome"] for one in world.decisions()}
    assert outcomes == {"C00000001V01": "pay", "C00000002V01": "reject_999"}


def test_what_nobody_could_adjudicate_is_rejected_and_never_paid(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    stranger, void, wrong = a_claim(1, payer="NONE"), a_claim(2), a_claim(3)
    void.frequency = "8"
    wrong.charge_cents += 1_00
    put(tmp_path, "837P_1.x12", a_file([stranger, void, wrong]))
    world.answer_outbound(today=MONDAY)
    answers = parse(inbound(tmp_path)["277CA_000002.x12"]).claim_acknowledgements[0].claims
    assert [one.statuses[0].category for one in answers] == ["A3", "A7", "A7"]
    assert world.pay_until(today=MONDAY + timedelta(days=60)) == []


def test_a_denied_line_leaves_its_neighbour_paid(tmp_path: Path) -> None:
    rule = (
        '[[rules]]\nname = "x"\noutcome = "deny"\nlines = "85025"\ngroup = "CO"\nreason = "97"\n'
        'remarks = ["M15"]\n'
    )
    decision = decide(a_claim(), read_scenario(a_scenario(tmp_path, rule)), seed=1)
    paid, denied = decision.lines
    assert paid.paid_cents == 96_00
    assert (denied.paid_cents, denied.adjustments[0].reason, denied.remarks) == (0, "97", ("M15",))


@pytest.mark.parametrize(
    "text",
    [
        '[[rules]]\nname = "x"\noutcome = "explode"\n',
        '[[rules]]\nname = "x"\noutcome = "pay"\nshre = 5\n',
        '[[rules]]\noutcome = "pay"\n',
    ],
)
def test_an_unusable_scenario_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScenarioUnreadable, match=r"scenario\.toml"):
        read_scenario(a_scenario(tmp_path, text))


def test_the_command_answers_and_pays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_world(tmp_path)
    put(tmp_path, "837P_1.x12", a_file(claims(4)))
    words = ["--mailbox", str(tmp_path / "clearinghouse"), "--scenario", str(DEMO)]
    assert main([*words, "--today", "2026-03-02"]) == 0
    assert main([*words, "--today", "2026-04-30"]) == 0
    assert (
        main(
            ["--mailbox", str(tmp_path / "none"), "--scenario", str(DEMO), "--today", "2026-03-02"]
        )
        == 2
    )
    said = capsys.readouterr()
    assert "answered with 999_000001.x12" in said.out
    assert "paid with 835_" in said.out
    assert "no folder" in said.err
