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


_OUTCOME = """    outcome: Annotated[
        Code,
        limited(
            "recovered, partly_recovered, upheld, written_off, billed_to_patient,"
            " billed_to_other or superseded."
        ),
    ]
"""


class Copy:
    """A copy of the library in which the generator runs as a process of its own."""

    def __init__(self, root: Path, of: Path = places.LIBRARY) -> None:
        self.library = root / "libs" / "events"
        ignored = shutil.ignore_patterns("__pycache__", "tests")
        shutil.copytree(of, self.library, ignore=ignored)
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


@pytest.fixture(scope="module")
def once_released(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("released"))
    assert copy.generate("--release") == (0, "")
    return copy


@pytest.fixture
def released(once_released: Copy, tmp_path: Path) -> Copy:
    shutil.copytree(once_released.library.parents[1] / "docs", tmp_path / "docs")
    return Copy(tmp_path, of=once_released.library)


BREAKING = {
    "a required field is removed": (
        ("denials.py", _OUTCOME, ""),
        "DenialResolved.v1",
        "body.outcome: was required and is gone",
    ),
    "a closed set is narrowed": (
        ("claims/submission.py", '"professional", "institutional"', '"professional"'),
        "ClaimSubmitted.v1",
        'body.claim_type: `enum` was ["professional", "institutional"] and is not said',
    ),
    "a type is changed": (
        ("denials.py", "days_open: Annotated[int,", "days_open: Annotated[bool,"),
        "DenialResolved.v1",
        'body.days_open: `type` was "integer" and is "boolean"',
    ),
}


@pytest.mark.parametrize("case", BREAKING)
def test_a_breaking_change_is_refused_with_its_place_and_the_way_out(
    released: Copy, case: str
) -> None:
    edit, name, place = BREAKING[case]
    lock = released.library / "contracts.lock"
    before = lock.read_text("utf-8")

    released.edit(*edit)
    code, said = released.generate()

    assert (code, lock.read_text("utf-8")) == (1, before)
    assert f"{name} 1.0 is released, and whoever reads it cannot read" in said
    assert place in said
    assert "undo this, or add a new major beside it (docs/guides/add-an-event.md)" in said
    assert "Traceback" not in said


def test_a_new_minor_is_led_to_its_end_and_keeps_what_was_told_before(released: Copy) -> None:
    kept = released.library / "examples/released/denials/denial_resolved.v1.0.wire.json"
    told = kept.read_text("utf-8")
    shade = '    shade: Annotated[Code | None, limited("Its shade.")] = None\n'
    released.edit("denials.py", "    days_open: Annotated", f"{shade}    days_open: Annotated")
    code, said = released.generate()
    assert code == 1
    assert "in optional fields or words alone: say minor=1 in its row of catalog.py" in said

    row = 'outside="recovery rates and days"'
    released.edit("catalog.py", row, f"{row}, minor=1")
    code, said = released.generate()
    assert code == 1
    assert "denial_resolved.v1.json: " in said
    assert "is told in version 1.1; write that as its schema_version" in said

    example = released.library / "examples/denials/denial_resolved.v1.json"
    newer = example.read_text("utf-8").replace('"schema_version": "1.0"', '"schema_version": "1.1"')
    example.write_text(newer, "utf-8")
    assert released.generate("--release") == (0, "")
    assert kept.read_text("utf-8") == told
    assert '\\"schema_version\\":\\"1.1\\"' in kept.with_name(
        "denial_resolved.v1.1.wire.json"
    ).read_text("utf-8")
    assert released.generate("--check") == (0, "")


def test_an_example_that_its_draft_has_left_behind_is_named_with_the_field(released: Copy) -> None:
    (released.library / "contracts.lock").unlink()  # all are drafts again
    released.edit("denials.py", "    outcome: Annotated[\n", "    ending: Annotated[\n")

    code, said = released.generate()

    assert code == 1
    assert "denial_resolved.v1.json: ending: Field required" in said
    assert "denial_resolved.v1.json: outcome: Extra inputs are not permitted" in said
    assert "Traceback" not in said


def test_a_new_major_beside_the_old_one_is_the_way_out(released: Copy) -> None:
    lock = released.library / "contracts.lock"
    before = lock.read_text("utf-8")
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
