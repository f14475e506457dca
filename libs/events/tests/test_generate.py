"""The generator at work in a copy of the library: writes, notices what is stale, releases."""

import json
import shutil
from pathlib import Path

import pytest

from cleanclaim.events import places
from cleanclaim.events.catalog import CATALOG, TOPICS
from cleanclaim.events.claims import ClaimHeld
from cleanclaim.events.denials import DenialResolved
from cleanclaim.events.examples import example_record, golden_records
from cleanclaim.events.generate.__main__ import main
from cleanclaim.events.generate.lock import parsed, released, written


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the examples alone: all that is generated has yet to be written."""
    library = tmp_path / "libs" / "events"
    shutil.copytree(
        places.EXAMPLES, library / "examples", ignore=shutil.ignore_patterns("*.wire.json")
    )
    for name, path in {
        "REPOSITORY": tmp_path,
        "LIBRARY": library,
        "SCHEMAS": library / "schemas",
        "RELEASED": library / "schemas" / "released",
        "EXAMPLES": library / "examples",
        "LOCK": library / "contracts.lock",
        "REFERENCE": tmp_path / "docs" / "reference",
    }.items():
        monkeypatch.setattr(places, name, path)
    return library


def test_everything_is_written_from_models_and_examples(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{len(CATALOG)} contracts on {len(TOPICS)} topics (0 versions released")
    assert len(list(checkout.glob("schemas/*/*.json"))) == len(CATALOG)
    assert len(list(checkout.glob("examples/*/*.wire.json"))) == len(CATALOG)


def test_a_stale_file_is_named_with_what_to_do(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([])
    (checkout / "schemas" / "claims" / "claim_held.v1.json").write_text("{}", "utf-8")

    assert main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "run `python -m cleanclaim.events.generate`" in said
    assert "libs/events/schemas/claims/claim_held.v1.json" in said
    assert "claim_submitted" not in said


def test_a_schema_that_belongs_to_no_contract_is_found_and_removed(checkout: Path) -> None:
    main([])
    orphan = checkout / "schemas" / "claims" / "claim_dreamt.v1.json"
    orphan.write_text("{}", "utf-8")

    assert main(["--check"]) == 1
    assert main([]) == 0
    assert not orphan.exists()


def test_a_release_pins_every_contract_and_keeps_its_schema(checkout: Path) -> None:
    main([])

    assert main(["--release"]) == 0
    rows = parsed((checkout / "contracts.lock").read_text("utf-8"))
    assert {one.state for one in rows} == {"released"}
    assert (checkout / "schemas/released/claims/claim_submitted.v1.0.json").exists()
    assert main([]) == 0
    assert main(["--check"]) == 0


def test_the_golden_record_of_a_release_stays_whatever_becomes_of_its_example(
    checkout: Path,
) -> None:
    main(["--release"])
    example = checkout / "examples/denials/denial_resolved.v1.json"
    body = json.loads(example.read_text("utf-8"))
    example.write_text(json.dumps(body | {"days_open": body["days_open"] + 1}), "utf-8")
    assert golden_records(ClaimHeld) == (example_record(ClaimHeld),)

    assert main([]) == 0

    before, today = golden_records(DenialResolved)
    assert json.loads(before.value)["days_open"] == body["days_open"]
    assert json.loads(today.value)["days_open"] == body["days_open"] + 1
    assert main(["--check"]) == 0


def test_nothing_is_written_over_a_released_contract_that_changed(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--release"])
    lock = checkout / "contracts.lock"
    before = lock.read_text("utf-8")
    kept = checkout / "schemas/released/denials/denial_opened.v1.0.json"
    kept.write_text(kept.read_text("utf-8").replace("Kind of denial", "Sort of denial"), "utf-8")

    assert main([]) == 1
    assert "released contracts were changed" in capsys.readouterr().err
    assert lock.read_text("utf-8") == before == written(released(parsed(before)))
