"""What is released never changes: the judge of new minors, the lock, and what they say."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cleanclaim.events.catalog import CATALOG, Entry, entry_of
from cleanclaim.events.denials import DenialOpened
from cleanclaim.events.generate.compatibility import breaks
from cleanclaim.events.generate.lock import (
    Locked,
    broken_promises,
    fingerprint,
    parsed,
    released,
    renewed,
    written,
)
from cleanclaim.events.generate.schemas import Schema, body_schema

ENTRY = entry_of(DenialOpened)


def a_schema_with(change: Callable[[Schema], Any]) -> Schema:
    schema = copy.deepcopy(body_schema(ENTRY))
    change(schema)
    return schema


def a_promise(schema: Schema, version: str = "1.0") -> Locked:
    return Locked(ENTRY.type, version, "released", fingerprint(schema))


def judged(entry: Entry, schema: Schema) -> list[str]:
    """What the model of today breaks of a schema released as 1.0."""
    return broken_promises((entry,), (a_promise(schema),), {(ENTRY.type, "1.0"): schema})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(dict, id="nothing"),
        pytest.param(
            lambda one: one["properties"].update(shade={"type": "string"}), id="optional added"
        ),
        pytest.param(lambda one: one["properties"].pop("appeal_by_on"), id="optional removed"),
        pytest.param(
            lambda one: one["properties"]["category"].update(description="Else."), id="reworded"
        ),
        pytest.param(
            lambda one: one["$defs"]["DenialLine"]["properties"].update(shade={"type": "string"}),
            id="optional added below",
        ),
    ],
)
def test_optional_fields_may_come_and_go_within_a_major(change: Callable[[Schema], Any]) -> None:
    assert breaks(body_schema(ENTRY), a_schema_with(change)) == []
    assert breaks(a_schema_with(change), body_schema(ENTRY)) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda one: one["required"].remove("category"), "body.category"),
        (lambda one: one["required"].append("appeal_by_on"), "body.appeal_by_on"),
        (lambda one: one["properties"]["level"].update(type="string"), "body.level"),
        (lambda one: one["properties"]["level"].update(minimum=0), "body.level"),
        (lambda one: one["properties"]["category"].update(enum=["a"]), "body.category"),
        (lambda one: one["properties"]["reasons"].pop("items"), "body.reasons"),
        (
            lambda one: one["$defs"]["DenialLine"]["required"].remove("denied_cents"),
            "body.lines[].denied_cents",
        ),
        (lambda one: one["properties"]["correct_by_on"]["anyOf"].pop(), "body.correct_by_on"),
    ],
)
def test_what_an_old_reader_or_writer_cannot_do_is_named_with_its_place(
    change: Callable[[Schema], Any], place: str
) -> None:
    for pair in (
        (body_schema(ENTRY), a_schema_with(change)),
        (a_schema_with(change), body_schema(ENTRY)),
    ):
        assert any(why.startswith(f"{place}: ") for why in breaks(*pair))


def test_a_released_contract_may_not_change_under_its_version() -> None:
    was = a_schema_with(lambda one: one["properties"].pop("appeal_by_on"))

    (said,) = judged(ENTRY, was)

    assert said.startswith(
        "cleanclaim.denials.DenialOpened.v1 1.0 is released and its model changed"
    )
    assert "say minor=1 in its row of catalog.py" in said


def test_a_new_minor_may_add_an_optional_field() -> None:
    was = a_schema_with(lambda one: one["properties"].pop("appeal_by_on"))

    assert judged(replace(ENTRY, version="1.1"), was) == []


def test_a_new_minor_that_old_readers_cannot_read_is_refused() -> None:
    was = a_schema_with(lambda one: one["required"].remove("category"))

    for version in ("1.0", "1.1"):
        said, place = judged(replace(ENTRY, version=version), was)

        assert "1.0 is released, and whoever reads it cannot read what its model says now" in said
        assert "undo this, or add a new major beside it" in said
        assert place.strip() == "body.category: is required and was optional"


def test_an_untouched_released_contract_passes() -> None:
    assert judged(ENTRY, body_schema(ENTRY)) == []


def test_a_released_contract_may_not_vanish() -> None:
    schema = body_schema(ENTRY)

    (said,) = broken_promises((), (a_promise(schema),), {(ENTRY.type, "1.0"): schema})

    assert "gone from the catalogue: keep telling it" in said


def test_a_released_schema_file_may_not_be_edited() -> None:
    edited = a_schema_with(lambda one: one.update(description="Else."))
    promise = a_promise(body_schema(ENTRY))

    (said,) = broken_promises((ENTRY,), (promise,), {(ENTRY.type, "1.0"): edited})

    assert "its released schema file was edited; restore it" in said


def test_drafts_follow_the_models_and_releases_stay() -> None:
    old = (a_promise(body_schema(ENTRY)), Locked(CATALOG[0].type, "1.0", "draft", "stale"))
    raised = replace(ENTRY, version="1.1")

    rows = renewed((raised, CATALOG[0]), old)

    assert old[0] in rows
    assert {(one.type, one.version, one.state) for one in rows} == {
        (ENTRY.type, "1.0", "released"),
        (ENTRY.type, "1.1", "draft"),
        (CATALOG[0].type, "1.0", "draft"),
    }
    assert "stale" not in {one.fingerprint for one in rows}
    assert {one.state for one in released(rows)} == {"released"}


def test_a_lock_is_read_as_it_was_written() -> None:
    rows = renewed(CATALOG, ())

    assert set(parsed(written(rows))) == set(rows)


@pytest.mark.parametrize("line", ["a 1.0 draft", "a 1.0 promised f00d", "a 1.0 draft f00d more"])
def test_a_malformed_lock_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"contracts\.lock: a line is"):
        parsed(line)
