"""The directory's commands against the running services: once, again, differently, wrongly."""

import json
from uuid import uuid4

import pytest

from cleanclaim.ops.main import main

ADDRESS = ("--street", "100 Main St", "--city", "Springfield", "--state", "IL",
           "--postal-code", "627010001")  # fmt: skip
PROVIDER = ("provider", "add", "Willow Clinic", "--npi", "1234567893", "--tin", "371234567",
            "--taxonomy", "207Q00000X", *ADDRESS)  # fmt: skip
CONNECTION = ("connection", "add", "house", "--purpose", "clearinghouse", "--sender-id", "S1",
              "--receiver-id", "R1", "--receiver-name", "House", "--contact-name", "Office",
              "--contact-phone", "2175550100")  # fmt: skip
PAYER = ("payer", "add", "Lakeside", "--payer-identifier", "LMH01", "--timely-filing-days", "180")


@pytest.fixture
def organization(ops):
    name = f"Clinic {uuid4().hex[:8]}"
    code, out, err = ops(
        "organization", "add", name, "--time-zone", "America/Chicago", "--environment", "test"
    )
    assert code == 0, err
    return name, out.strip()


def test_an_entry_added_again_changes_nothing(ops, organization):
    name, id_ = organization
    again = ops("organization", "add", name, "--time-zone", "America/Chicago",
                "--environment", "test")  # fmt: skip
    assert again == (0, f"{id_}\n", "organization there already\n")
    whose = ("--organization", id_)
    for words in (PROVIDER, CONNECTION, (*PAYER, "--connection", "house")):
        first = ops(*words, *whose)
        second = ops(*words, *whose)
        assert (first[0], second[0], second[1]) == (0, 0, first[1]), first[2] + second[2]
        assert "added" in first[2]
        assert "there already" in second[2]
    for kind in ("provider", "payer", "connection"):
        code, out, _ = ops(kind, "list", "--json", *whose)
        assert (code, len(json.loads(out))) == (0, 1)


def test_an_entry_that_differs_is_refused_until_replace_is_said(ops, organization):
    whose = ("--organization", organization[1])
    assert ops(*PAYER, *whose)[0] == 0
    changed = (*PAYER[:-1], "365", *whose)
    code, _, err = ops(*changed)
    assert (code, "differs in timely_filing_days" in err) == (1, True)
    code, _, err = ops(*changed, "--replace")
    assert (code, err) == (0, "payer replaced\n")
    (payer,) = json.loads(ops("payer", "list", "--json", *whose)[1])
    assert payer["versions"][0]["timely_filing_days"] == 365
    assert payer["version"] == 2


def test_a_refusal_names_the_place_the_rule_and_the_fix(ops, organization):
    words = [*PROVIDER, "--organization", organization[1]]
    words[words.index("1234567893")] = "1234567890"
    code, out, err = ops(*words)
    assert (code, out) == (1, "")
    assert "claims refused (422" in err
    assert "/versions/0/npi: an NPI has ten digits" in err


def test_a_list_of_payers_is_added_and_one_refusal_stops_no_other(ops, organization, tmp_path):
    whose = ("--organization", organization[1])
    path = tmp_path / "payers.toml"
    path.write_text(
        '[[payers]]\nname = "One"\npayer_identifier = "P1"\ntimely_filing_days = 180\n'
        '[[payers]]\nname = "Two"\npayer_identifier = "P2"\ntimely_filing_days = 99999\n'
        '[[payers]]\nname = "Three"\npayer_identifier = "P3"\ntimely_filing_days = 90\n'
    )
    code, out, err = ops("payer", "add", "--from", str(path), *whose)
    assert (code, out) == (1, "2 added, 1 refused\n")
    assert "payer P2: claims refused (422" in err
    path.write_text(path.read_text().replace("99999", "365"))
    assert ops("payer", "add", "--from", str(path), *whose)[:2] == (0, "1 added, 2 there already\n")


def test_wrong_use_says_what_is_missing(ops, organization):
    assert ops(*PAYER)[0] == 2
    assert "whose?" in ops(*PAYER)[2]
    code, _, err = ops(*PAYER, "--connection", "nowhere", "--organization", organization[1])
    assert (code, "no connection nowhere" in err) == (1, True)
    code, _, err = ops("organization", "list", "--url", "claims=http://127.0.0.1:9")
    assert (code, "does not answer at http://127.0.0.1:9" in err) == (3, True)
    code, _, err = ops("organization", "list", "--token", "no-token")
    assert (code, "claims refused (401" in err) == (1, True)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("false", 2, "printed no token"),
        ("no-such-command", 2, "cannot be run"),
        ("", 2, "no token: set CLEANCLAIM_TOKEN"),
        ("echo not-a-token", 2, "is no token"),
        ("printf not-a-token", 1, "claims refused (401"),
    ],
)
def test_a_token_command_that_fails_is_told(system, monkeypatch, capsys, command, code, said):
    monkeypatch.delenv("CLEANCLAIM_TOKEN", raising=False)
    monkeypatch.setenv("CLEANCLAIM_CLAIMS_URL", system.urls["claims"])
    monkeypatch.setenv("CLEANCLAIM_TOKEN_COMMAND", command)
    assert main(["organization", "list"]) == code
    assert said in capsys.readouterr().err
