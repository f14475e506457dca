"""Models, schemas, lock and examples say the same; an independent validator agrees."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from cleanclaim.events.catalog import CATALOG, Entry, entry_of
from cleanclaim.events.claims import OrganizationConfigured
from cleanclaim.events.examples import envelope_around, example_body
from cleanclaim.events.generate.__main__ import main
from cleanclaim.events.generate.lock import fingerprint, parsed
from cleanclaim.events.generate.schemas import DIALECT, body_schema, opened
from cleanclaim.events.places import LOCK, invalid_example_paths, schema_path
from cleanclaim.events.wire import UndecodableError, decode, headers_of

EVERY_CONTRACT = pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)
EVERY_INVALID_EXAMPLE = pytest.mark.parametrize(
    ("entry", "path"),
    [(entry, path) for entry in CATALOG for path in invalid_example_paths(entry)],
    ids=lambda one: one.stem if isinstance(one, Path) else one.name,
)


def a_validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=FormatChecker(["uuid", "date"]))


def committed_schema(entry: Entry) -> Any:
    return json.loads(schema_path(entry).read_text("utf-8"))


def takes(entry: Entry, body: dict[str, Any]) -> bool:
    """Whether the model takes a body, closed, as its writer would have to keep it."""
    known = set(body_schema(entry)["properties"])
    try:
        envelope = envelope_around(entry, example_body(entry.model))
        decode(
            key=str(envelope.aggregate_id).encode(),
            headers={name: text.encode() for name, text in headers_of(envelope).items()},
            value=json.dumps(body).encode(),
        )
    except UndecodableError:
        return False
    return set(body) <= known


def test_generated_files_are_what_the_contracts_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


@EVERY_CONTRACT
def test_schema_file_lock_and_model_agree(entry: Entry) -> None:
    pinned = {(one.type, one.version): one for one in parsed(LOCK.read_text("utf-8"))}

    assert committed_schema(entry) == body_schema(entry)
    assert pinned[entry.type, entry.version].fingerprint == fingerprint(committed_schema(entry))


@EVERY_CONTRACT
def test_a_schema_is_sound_and_closed_at_every_depth(entry: Entry) -> None:
    schema = committed_schema(entry)
    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == DIALECT
    shapes = [schema, *schema["$defs"].values()]
    assert all(shape["additionalProperties"] is False for shape in shapes)


@EVERY_CONTRACT
def test_the_example_holds_for_the_validator_too(entry: Entry) -> None:
    body = example_body(entry.model)

    assert [one.message for one in a_validator(committed_schema(entry)).iter_errors(body)] == []
    assert takes(entry, body)


@EVERY_INVALID_EXAMPLE
def test_an_invalid_example_breaks_one_rule_and_both_judges_find_it_there(
    entry: Entry, path: Path
) -> None:
    body = json.loads(path.read_text("utf-8"))
    head = set(body_schema(entry)["properties"]) - set(entry.model.model_fields)
    own = {name: value for name, value in body.items() if name not in head}

    (said,) = a_validator(committed_schema(entry)).iter_errors(body)
    with pytest.raises(ValidationError) as refused:
        entry.model.model_validate_json(json.dumps(own))

    found = refused.value.errors()[0]["loc"]
    # a list of which an item is refused may be counted as too short besides; nothing else is said
    assert all(found[: len(one["loc"])] == one["loc"] for one in refused.value.errors())
    if said.validator in {"required", "additionalProperties"}:
        *above, name = found
        assert (above, repr(name) in said.message) == (list(said.absolute_path), True)
    else:
        assert list(found) == list(said.absolute_path)


def test_two_broken_rules_in_one_example_would_be_found() -> None:
    judge = a_validator(body_schema(entry_of(OrganizationConfigured)))
    body = example_body(OrganizationConfigured) | {"environment": "moon", "told_by": "nobody"}

    assert len(list(judge.iter_errors(body))) == 2


@EVERY_CONTRACT
def test_the_opened_schema_reads_what_a_newer_teller_adds(entry: Entry) -> None:
    newer = {**example_body(entry.model), "told_by_a_newer_release": True, "schema_version": "1.8"}

    assert not a_validator(committed_schema(entry)).is_valid(newer)
    assert a_validator(opened(committed_schema(entry))).is_valid(newer)


def test_a_schema_keeps_a_minor_open_and_a_major_closed() -> None:
    validator = a_validator(body_schema(entry_of(OrganizationConfigured)))
    body = example_body(OrganizationConfigured)

    assert validator.is_valid({**body, "schema_version": "1.3"})
    assert not validator.is_valid({**body, "schema_version": "2.0"})
