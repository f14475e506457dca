"""What the README shows is what the command and the package do."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cleanclaim.devstack.main import _parser

README = (Path(__file__).parent.parent / "README.md").read_text()
COMMANDS = [
    line.split("#")[0].strip().removeprefix('eval "$(').removesuffix(')"')
    for line in re.search(r"```sh\n(.*?)```", README, re.DOTALL)[1].splitlines()
]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    program, *words = shlex.split(line)
    assert program == "cleanclaim-dev"
    assert _parser().parse_args(words).command


def test_the_example_runs(stack, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", stack.database_url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.kafka_bootstrap)
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    told = subprocess.run(
        [sys.executable, "-c", example], check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == [stack.database_url, stack.kafka_bootstrap]
