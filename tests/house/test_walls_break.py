"""Every wall of .importlinter keeps a good house whole and finds its own breach in a bad one."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from .source import ROOT

_SERVICES = ("accounts", "claims", "denials", "intake", "reconcile", "remittance")
_LIBRARIES = (
    "chassis",
    "codes",
    "devstack",
    "events",
    "ops",
    "payersim",
    "seed",
    "values",
    "verify",
    "x12",
)
_ROOMS = (
    "main", "settings", "api", "events_in", "jobs", "edi_in", "commands", "queries", "store",
    "events_out", "edi_out", "partners", "documents",
)  # fmt: skip
_VERDICT = re.compile(r"^(.+) (KEPT|BROKEN)$", re.MULTILINE)
_BREACHES = {
    "Services meet only through events": ("claims/commands.py", "import cleanclaim.denials"),
    "Every file is a known room and imports only inward": ("claims/leftovers.py", "import json"),
    "Libraries stack": ("events/early.py", "import cleanclaim.chassis"),
    "x12 and codes know nothing of ours": ("x12/loops.py", "import cleanclaim.values"),
    "No service and no library needs a tool": ("intake/main.py", "import cleanclaim.seed"),
    "The verifier shares rules with those it judges, and no plumbing": (
        "verify/look.py",
        "import cleanclaim.claims.store",
    ),
    "Domain knows no framework, wire, loop or database": (
        "claims/domain/line.py",
        "import asyncio",
    ),
    "A door calls out before the transaction, a command never": (
        "denials/commands.py",
        "import cleanclaim.denials.partners",
    ),
    "Only store and queries speak SQL": ("remittance/api.py", "import sqlalchemy"),
    "Doors use verbs and questions, never the store": (
        "accounts/jobs.py",
        "import cleanclaim.accounts.store",
    ),
    "Only tests import the chassis' testing room": (
        "reconcile/store.py",
        "import cleanclaim.chassis.testing",
    ),
    "Only main reads settings": ("intake/api.py", "import cleanclaim.intake.settings"),
    "No cycles anywhere": ("claims/domain/claim.py", "import cleanclaim.claims.domain.knot"),
}


@pytest.fixture
def house(tmp_path: pathlib.Path) -> pathlib.Path:
    """A small house with every service, library and room, empty and in order."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    inside = tmp_path / "src/cleanclaim"
    for package in (*_SERVICES, *_LIBRARIES):
        (inside / package).mkdir(parents=True)
        (inside / package / "__init__.py").touch()
    (inside / "chassis/testing.py").touch()
    for service in _SERVICES:
        for room in _ROOMS:
            (inside / service / f"{room}.py").touch()
        (inside / service / "domain").mkdir()
        (inside / service / "domain/__init__.py").touch()
        (inside / service / "migrations").mkdir()
        (inside / service / "migrations/first.py").write_text("import sqlalchemy\n")
    return tmp_path


# The namespace spans the real packages too; the small house must stand alone on the path.
_LINT_ALONE = """
import sys
sys.path = [place for place in sys.path if not place.endswith("/src")]
sys.path.insert(0, "src")
from importlinter.cli import lint_imports_command
lint_imports_command(["--no-cache"])
"""


def _verdicts(house: pathlib.Path) -> dict[str, str]:
    command = [sys.executable, "-c", _LINT_ALONE]
    done = subprocess.run(command, cwd=house, capture_output=True, check=False, text=True)
    return dict(_VERDICT.findall(done.stdout))


def test_a_house_in_order_stands_with_its_migrations(house: pathlib.Path) -> None:
    assert _verdicts(house) == dict.fromkeys(_BREACHES, "KEPT")


def test_every_wall_finds_its_own_breach(house: pathlib.Path) -> None:
    for place, statement in _BREACHES.values():
        (house / "src/cleanclaim" / place).write_text(f"{statement}\n")
    knot = house / "src/cleanclaim/claims/domain/knot.py"
    knot.write_text("import cleanclaim.claims.domain.claim\n")

    assert _verdicts(house) == dict.fromkeys(_BREACHES, "BROKEN")
