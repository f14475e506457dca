"""The whole system for the commands to speak to, the guide walked once, and a typist."""

import datetime as dt
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanclaim.devstack.stack import Stack
from cleanclaim.ops.main import main

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs/guides/first-claim.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GUIDE_SECONDS = 500
SCOPES = (
    "system/*.cruds cleanclaim/directory.admin cleanclaim/platform.read cleanclaim/platform.write"
)


@pytest.fixture(scope="session")
def system(stack: Stack) -> Iterator[Stack]:
    """All services on the tests' stack; started by the first test that asks."""
    with stack.shared(only=None) as running:
        yield running


@pytest.fixture(scope="session")
def guide(system: Stack, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess:
    """The commands of the guide, typed as they stand into one shell."""
    folder = tmp_path_factory.mktemp("guide")
    # stories before may have left the clock on another day; the guide speaks of today
    system.set_clock(dt.datetime.now(dt.UTC))
    commands = "\n".join(BLOCK.findall(GUIDE.read_text(encoding="utf-8")))
    return subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=commands.replace("$PWD/.venv", f"{ROOT}/.venv"),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CLEANCLAIM_STACK_DIR": str(system.places.folder),
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=GUIDE_SECONDS,
    )


@pytest.fixture
def ops(system, monkeypatch, capsys):
    """Run one command as typed; answer its exit code, output and errors."""
    for name, value in system.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("CLEANCLAIM_ORGANIZATION", "CLEANCLAIM_TOKEN_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    tokens: dict[str | None, str] = {}

    def run(*words: str) -> tuple[int, str, str]:
        # what `cleanclaim-dev token` prints, without starting it each time; the guide does that
        whose = words[words.index("--organization") + 1] if "--organization" in words else None
        if whose not in tokens:
            tokens[whose] = system.token(organization_id=whose, scope=SCOPES)
        monkeypatch.setenv("CLEANCLAIM_TOKEN", tokens[whose])
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
