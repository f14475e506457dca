"""The trial of an installation elsewhere: the same program, here on the running stack."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from cleanclaim.seed.trial import main


def test_one_visit_becomes_money_in_the_bank_in_an_installation_elsewhere(system):
    system.set_clock(datetime.now(UTC))
    words = ["--keys", system.places.secrets, "--mailboxes", system.places.mailbox]

    lived = subprocess.run(
        [sys.executable, "-m", "cleanclaim.seed.trial", "--visits", "2", *words],
        env=os.environ | system.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert lived.returncode == 0, lived.stdout + lived.stderr
    assert "2 visits went in by REST: 2 ready" in lived.stdout
    assert "deposits matched: 1" in lived.stdout
    assert re.search(r"^  sum +0\.00$", lived.stdout, re.MULTILINE)


def test_a_trial_without_addresses_says_which_is_missing(monkeypatch, capsys):
    monkeypatch.delenv("CLEANCLAIM_INTAKE_URL", raising=False)

    assert main([]) == 2
    assert "CLEANCLAIM_INTAKE_URL" in capsys.readouterr().err


@pytest.mark.parametrize("visits", ["0", "12", "many"])
def test_a_trial_of_no_or_too_many_visits_is_refused(visits, capsys):
    with pytest.raises(SystemExit):
        main(["--visits", visits])
    assert "--visits" in capsys.readouterr().err
