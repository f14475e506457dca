"""The second judge: what any writer of a major may emit, drawn at random, every reader takes."""

import copy
import json
from collections.abc import Callable, Iterator
from itertools import permutations
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from cleanclaim.events import places
from cleanclaim.events.catalog import CATALOG, Entry, entry_of
from cleanclaim.events.denials import DenialOpened
from cleanclaim.events.examples import envelope_around, example_body, golden_records
from cleanclaim.events.generate.compatibility import breaks
from cleanclaim.events.generate.schemas import Schema, body_schema, opened
from cleanclaim.events.wire import UndecodableError, decode, headers_of

from .instances import Drawn

EVERY_CONTRACT = pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)
IN_BOTH = ("event_id", "event_type", "organization_id", "aggregate_id", "aggregate_version")
SOME, MANY = 20, 60


def drawn(schema: Schema, count: int) -> list[Any]:
    """Documents that a closed schema admits, the same on every run."""
    source = Drawn(schema, Random(schema["$id"]))
    return [source.instance() for _ in range(count)]


def a_reader_of(schema: Schema) -> Draft202012Validator:
    return Draft202012Validator(opened(schema), format_checker=FormatChecker(["uuid", "date"]))


def objects_in(schema: Schema) -> Iterator[Schema]:
    yield from (schema, *schema["$defs"].values())


def grown(schema: Schema) -> Schema:
    """The minor after: an optional field more at every depth."""
    later = copy.deepcopy(schema)
    for shape in objects_in(later):
        shape["properties"]["told_later"] = {"type": "array", "items": {"type": "integer"}}
    return later


def shrunk(schema: Schema) -> Schema:
    """The minor before: without a single optional field."""
    earlier = copy.deepcopy(schema)
    for shape in objects_in(earlier):
        needed = set(shape.get("required", ()))
        shape["properties"] = {n: one for n, one in shape["properties"].items() if n in needed}
    return earlier


def versions_of(entry: Entry) -> list[Schema]:
    """Every released version of a contract, today's, and the nearest and farthest possible ones."""
    pattern = f"{places.snake(entry.name)}.v{entry.major}.*.json"
    kept = sorted((places.RELEASED / entry.teller).glob(pattern))
    today = body_schema(entry)
    released = [json.loads(path.read_text("utf-8")) for path in kept]
    return [shrunk(today), *released, today, grown(today)]


@EVERY_CONTRACT
def test_every_reader_of_a_major_takes_what_every_writer_of_it_may_emit(entry: Entry) -> None:
    versions = versions_of(entry)
    for number, writer in enumerate(versions):
        bodies = drawn(writer, SOME)
        for reader in map(a_reader_of, versions[:number] + versions[number + 1 :]):
            for body in bodies:
                assert [one.message for one in reader.iter_errors(body)] == []


@EVERY_CONTRACT
def test_our_own_reader_takes_what_a_newer_writer_may_emit(entry: Entry) -> None:
    golden = envelope_around(entry, example_body(entry.model))
    head = {name: example_body(entry.model)[name] for name in IN_BOTH if name != "event_type"}
    for body in drawn(grown(body_schema(entry)), MANY):
        own = {entry.key: str(golden.aggregate_id)}
        heard = decode(
            key=str(golden.aggregate_id).encode(),
            headers={name: text.encode() for name, text in headers_of(golden).items()},
            value=json.dumps({**body, **head, **own}).encode(),
        )
        assert heard.envelope == golden


@EVERY_CONTRACT
def test_every_golden_record_of_every_version_is_still_read(entry: Entry) -> None:
    for record in golden_records(entry.model):
        heard = decode(key=record.key, headers=dict(record.headers), value=record.value)

        assert record.topic == entry.topic
        assert type(heard.fact) is entry.model
        assert a_reader_of(body_schema(entry)).is_valid(json.loads(record.value))


def _on_lines(word: str) -> Callable[[Schema], Any]:
    return lambda one: one["$defs"]["DenialLine"]["properties"]["denied_cents"].update(type=word)


BREAKING = {
    "a required field became optional": lambda one: one["required"].remove("category"),
    "an optional field became required": lambda one: one["required"].append("appeal_by_on"),
    "another type": lambda one: one["properties"]["level"].update(type="string", minimum=None),
    "another type below": _on_lines("string"),
    "a wider limit": lambda one: one["properties"]["level"].update(minimum=-5),
    "a narrower limit": lambda one: one["properties"]["category"].update(maxLength=20),
    "a set became closed": lambda one: one["properties"]["category"].update(enum=["a"]),
    "null is no longer said": lambda one: one["properties"]["correct_by_on"]["anyOf"].pop(),
    "anything in a list": lambda one: one["properties"]["reasons"].update(items={}),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_both_judges_find_the_same_breaking_change(change: Callable[[Schema], Any]) -> None:
    before = body_schema(entry_of(DenialOpened))
    after = copy.deepcopy(before)
    change(after)
    after["properties"]["level"] = {
        word: one for word, one in after["properties"]["level"].items() if one is not None
    }

    assert breaks(before, after)
    assert any(_refuses_something(*pair) for pair in permutations((before, after)))


def _refuses_something(writer: Schema, reader: Schema) -> bool:
    """Whether something that a writer may emit is refused by a reader."""
    judge = a_reader_of(reader)
    return any(not judge.is_valid(body) for body in drawn(writer, MANY))


def test_a_body_that_no_writer_may_emit_is_refused_by_our_reader() -> None:
    entry = entry_of(DenialOpened)
    golden = envelope_around(entry, example_body(entry.model))

    with pytest.raises(UndecodableError):
        decode(
            key=str(golden.aggregate_id).encode(),
            headers={name: text.encode() for name, text in headers_of(golden).items()},
            value=json.dumps({**example_body(entry.model), "level": 0}).encode(),
        )
