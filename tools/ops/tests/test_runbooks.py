"""Each command that a runbook, a guide or a help text names exists, with these options."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from cleanclaim.chassis import entry
from cleanclaim.denials.main import PARTS
from cleanclaim.devstack import main as devstack
from cleanclaim.ops.main import parser
from cleanclaim.verify import main as verify

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "tools/ops").glob("*.md")])
GROUP = argparse._SubParsersAction
NAMED = re.compile(r"(?:^|`)cleanclaim-ops ([^`\n]+)", re.MULTILINE)
TYPED = re.compile(
    r"(?:^|`)(cleanclaim-(?:dev|verify)|python -m cleanclaim\.<service>\.main)\b([^`\n]*)",
    re.MULTILINE,
)
FILLED = {
    "<service>": "denials",
    "<number>": "17",
    "<projection>": "providers",
    "<topic>": "cleanclaim.denials",
    "<new-topic>": "cleanclaim.denials.again",
    "<organization-id>": "01980000-0000-7000-8000-0000000000a1",
    "<id>": "01980000-0000-7000-8000-0000000000a1",
}
PROGRAMS = {
    "cleanclaim-ops": parser,
    "cleanclaim-dev": devstack._parser,
    "cleanclaim-verify": verify._parser,
    "python -m cleanclaim.<service>.main": lambda: entry._parser(PARTS),
}


def commands_in(text: str) -> list[list[str]]:
    """Every command in a text as a shell would hand it over, with its places filled in."""
    joined = text.replace("\\\n", " ")
    found = [words_of(line) for line in NAMED.findall(joined)]
    return [words for words in found if words and words != ["--help"]]


def words_of(line: str) -> list[str]:
    for place, value in FILLED.items():
        line = line.replace(place, value)
    return shlex.split(line.partition("#")[0].rstrip(")| "), comments=True)


def is_known(words: list[str], program: str = "cleanclaim-ops") -> bool:
    try:
        PROGRAMS[program]().parse_args(words)
    except SystemExit:
        return False
    return True


def every_command() -> dict[str, argparse.ArgumentParser]:
    """Each command there is, by the words that are typed for it."""
    found, waiting = {}, [parser()]
    while waiting:
        one = waiting.pop()
        groups = [action for action in one._actions if isinstance(action, GROUP)]
        waiting += [below for group in groups for below in group.choices.values()]
        if not groups:
            found[one.prog] = one
    return found


def examples_in(command: argparse.ArgumentParser) -> list[list[str]]:
    """The commands in a help text; an explanation stands three spaces behind one."""
    text = re.sub(r"\\\n\s+", " ", command.description or "")
    lines = [line.strip() for line in text.splitlines()]
    named = NAMED.findall("\n".join(lines))
    return [shlex.split(re.split(r"\s{3,}", line)[0]) for line in named]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(path):
    named = commands_in(path.read_text(encoding="utf-8"))
    assert [words for words in named if not is_known(words)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_else_a_document_lets_an_operator_type_exists_as_well(path):
    named = [(program, words_of(line)) for program, line in TYPED.findall(path.read_text("utf-8"))]
    # the bare name of a command that wants words is its name in a sentence
    typed = [(program, words) for program, words in named if words]
    assert [one for one in typed if not is_known(one[1], one[0])] == []


@pytest.mark.parametrize(
    ("runbook", "verbs"),
    [
        ("dead-letters.md", {"parked ls", "parked show", "parked retry", "parked skip"}),
        ("lag.md", {"lag"}),
        ("stuck-outbox.md", {"outbox"}),
        ("replay.md", {"projections", "rebuild", "republish"}),
        ("point-in-time-restore.md", {"rewind", "lag", "outbox"}),
    ],
)
def test_a_runbook_names_the_commands_of_its_trouble(runbook, verbs):
    named = commands_in((ROOT / "docs/runbooks" / runbook).read_text(encoding="utf-8"))
    said = {" ".join(words[: 2 if words[0] == "parked" else 1]) for words in named}
    assert verbs <= said


@pytest.mark.parametrize("name", every_command())
def test_a_help_text_reads_like_a_runbook(name):
    """What it does, an example that works as printed, and where more is told or what to expect."""
    command = every_command()[name]
    examples = examples_in(command)

    assert examples
    assert [words for words in examples if not is_known(words)] == []
    assert all(f"cleanclaim-ops {' '.join(words)}".startswith(name) for words in examples)
    assert max(map(len, (command.description or "").splitlines())) <= 100
    explained = (command.description or "").split("  cleanclaim-ops")[0]
    assert len(explained.split()) >= 12, "say what it does, when, and what to expect"
    for path in re.findall(r"docs/\S+\.md", command.description or ""):
        assert (ROOT / path).is_file()
    undescribed = [
        action.dest
        for action in command._actions
        if not action.help and not action.metavar and not action.choices
    ]
    assert set(undescribed) <= {"name"}


def test_an_invented_command_or_option_is_found():
    assert not is_known(["parked", "eat", "denials"])
    assert not is_known(["lag", "--slowly"])
    assert not is_known(["signal", "denials:worker", "LOUD"], "cleanclaim-dev")
    assert not is_known(["--slowly"], "cleanclaim-verify")
    assert commands_in("Run `cleanclaim-ops lag <service> --all` first.") == [
        ["lag", "denials", "--all"]
    ]
