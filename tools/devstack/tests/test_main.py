"""The command's words and exit codes."""

import pytest

from cleanclaim.devstack.main import main


def test_a_stack_that_was_never_started_is_not_running(tmp_path, capsys):
    assert main(["--folder", str(tmp_path / "stack"), "status"]) == 3
    assert "the stack is not running" in capsys.readouterr().out
    assert main(["--folder", str(tmp_path / "stack"), "down"]) == 0
    assert "nothing was running" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["up", "--services", "intake,billing"], id="no such service"),
        pytest.param(["up", "--virtual-now", "2026-03-02T09:00:00"], id="no time zone"),
        pytest.param(["up", "--virtual-now", "yesterday"], id="no instant"),
        pytest.param(["signal", "kafka", "LOUD"], id="no such signal"),
        pytest.param(["token", "--organization", "mine", "--scope", "a"], id="no id"),
        pytest.param([], id="no command"),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_starts(tmp_path, words):
    with pytest.raises(SystemExit) as refused:
        main(["--folder", str(tmp_path / "stack"), *words])
    assert refused.value.code == 2
    assert not (tmp_path / "stack").exists()


@pytest.mark.parametrize("words", [["env"], ["restart", "intake"], ["signal", "kafka", "TERM"]])
def test_trouble_is_one_message_and_no_traceback(tmp_path, capsys, words):
    assert main(["--folder", str(tmp_path / "stack"), *words]) == 1
    assert capsys.readouterr().err.startswith("cleanclaim-dev: ")


def test_a_token_can_be_read_by_a_shell(tmp_path, capsys):
    words = ["token", "--organization", "018f6d1e-7c1a-7000-8000-0000000000aa", "--scope", "a b"]
    assert main(["--folder", str(tmp_path / "stack"), *words]) == 0
    assert len(capsys.readouterr().out.strip().split(".")) == 3


def test_the_exports_of_a_running_stack_can_be_read_by_a_shell(stack, capsys):
    assert main(["--folder", str(stack.places.folder), "env"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"export KAFKA_BOOTSTRAP_SERVERS={stack.kafka_bootstrap}" in lines
    assert all(line.startswith("export ") for line in lines)


def test_the_logs_show_each_parts_end(stack, capsys):
    assert main(["--folder", str(stack.places.folder), "logs", "postgres"]) == 0
    assert "database system is ready to accept connections" in capsys.readouterr().out
