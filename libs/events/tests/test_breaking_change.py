"""A whole copy of the contracts: released, broken on purpose, refused, and put right as it says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleanclaim.events import places

UPCAST = '''


class DenialResolvedV2(Fact):
    """A case came to its end; told with the level's own name."""

    denial_id: Annotated[UUID, limited("Our id of the case.")]
    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    ending: Annotated[Code, limited("How it ended.")]


def denial_resolved_v2(old: DenialResolved) -> DenialResolvedV2:
    """Return what was told in v1 as v2."""
    return DenialResolvedV2(denial_id=old.denial_id, claim_id=old.claim_id, ending=old.outcome)
'''


class Copy:
    """A copy of the library in which the generator runs as a process of its own."""

    def __init__(self, root: Path) -> None:
        self.library = root / "libs" / "events"
        ignored = shutil.ignore_patterns("__pycache__", "tests")
        shutil.copytree(places.LIBRARY, self.library, ignore=ignored)
        self.package = self.library / "src" / "cleanclaim" / "events"

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.package / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{name} no longer holds {old!r} once"
        path.write_text(text.replace(old, new), "utf-8")

    def generate(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "cleanclaim.events.generate", *arguments],
            env=os.environ | {"PYTHONPATH": str(self.library / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr


@pytest.fixture
def released(tmp_path: Path) -> Copy:
    copy = Copy(tmp_path)
    assert copy.generate("--release") == (0, "")
    return copy


def test_a_breaking_change_is_refused_until_it_is_a_new_major(released: Copy) -> None:
    lock = released.library / "contracts.lock"
    before = lock.read_text("utf-8")
    released.edit("denials.py", "    outcome: Annotated[\n", "    ending: Annotated[\n")
    code, said = released.generate()
    assert (code, lock.read_text("utf-8")) == (1, before)
    assert "cleanclaim.denials.DenialResolved.v1 1.0 is released and its model changed" in said
    assert "else add a new major beside it" in said

    released.edit("catalog.py", 'version=f"{major}.0"', 'version=f"{major}.1"')
    code, said = released.generate()
    assert (code, lock.read_text("utf-8")) == (1, before)
    assert "DenialResolved.v1 1.0 and 1.1 cannot read each other" in said
    assert "body.outcome: a required field was added, removed or made so" in said
    assert "undo that, or add a new major beside it" in said

    released.edit("catalog.py", 'version=f"{major}.1"', 'version=f"{major}.0"')
    released.edit("denials.py", "    ending: Annotated[\n", "    outcome: Annotated[\n")
    _add_the_new_major(released)
    code, said = released.generate()
    assert code == 1
    assert "DenialResolved.v2: name the pure function that makes it of v1 as `upcast`" in said

    released.edit("catalog.py", 'outside="tests"', 'outside="tests", upcast=denial_resolved_v2')
    assert released.generate() == (0, "")
    assert set(before.splitlines()) < set(lock.read_text("utf-8").splitlines())
    assert (released.library / "schemas/denials/denial_resolved.v2.json").exists()


def _add_the_new_major(copy: Copy) -> None:
    path = copy.package / "denials.py"
    path.write_text(path.read_text("utf-8") + UPCAST, "utf-8")
    copy.edit(
        "catalog.py",
        "denials import DenialOpened, DenialResolved\n",
        "denials import DenialOpened, DenialResolved, DenialResolvedV2, denial_resolved_v2\n",
    )
    copy.edit(
        "catalog.py",
        "    _told(DenialResolved,",
        '    _told(DenialResolvedV2, "cleanclaim.denials", "claim_id", outside="tests"),\n'
        "    _told(DenialResolved,",
    )
