"""Each command that a runbook, a guide or a help text names exists, with these options."""

import re
import shlex
from pathlib import Path

import pytest

from cleanclaim.ops.main import parser

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "tools/ops").glob("*.md")])
NAMED = re.compile(r"(?:^|`)cleanclaim-ops ([^`\n]+)", re.MULTILINE)
FILLED = {
    "<service>": "denials",
    "<number>": "17",
    "<projection>": "providers",
    "<topic>": "cleanclaim.denials",
    "<new-topic>": "cleanclaim.denials.again",
}


def commands_in(text: str) -> list[list[str]]:
    """Every command in a text as a shell would hand it over, with its places filled in."""
    found = []
    joined = text.replace("\\\n", " ")
    for line in NAMED.findall(joined):
        for place, value in FILLED.items():
            line = line.replace(place, value)  # noqa: PLW2901
        words = shlex.split(line.partition("#")[0].rstrip(")| "), comments=True)
        if words and words != ["--help"]:
            found.append(words)
    return found


def is_known(words: list[str]) -> bool:
    try:
        parser().parse_args(words)
    except SystemExit:
        return False
    return True


def help_texts() -> str:
    """The description of every command there is."""
    texts, waiting = [], [parser()]
    while waiting:
        one = waiting.pop()
        texts.append(one.description or "")
        for action in one._actions:
            waiting += (getattr(action, "choices", None) or {}).values() if _groups(action) else []
    return "\n".join(line.strip() for text in texts for line in text.splitlines())


def _groups(action: object) -> bool:
    return type(action).__name__ == "_SubParsersAction"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(path):
    named = commands_in(path.read_text(encoding="utf-8"))
    assert [words for words in named if not is_known(words)] == []


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


def test_every_example_of_a_help_text_works_as_printed():
    # a help line has its explanation behind the command, parted by three spaces
    examples = [shlex.split(re.split(r"\s{3,}", line)[0]) for line in NAMED.findall(help_texts())]
    assert len(examples) >= 15
    assert [words for words in examples if not is_known(words)] == []


def test_an_invented_command_or_option_is_found():
    assert not is_known(["parked", "eat", "denials"])
    assert not is_known(["lag", "--slowly"])
    assert commands_in("Run `cleanclaim-ops lag <service> --all` first.") == [
        ["lag", "denials", "--all"]
    ]
