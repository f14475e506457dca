"""The command that writes what is generated: `python -m cleanclaim.events.generate`."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from cleanclaim.events import places
from cleanclaim.events.catalog import CATALOG, TOPICS, Entry
from cleanclaim.events.examples import example_record
from cleanclaim.events.generate import lock
from cleanclaim.events.generate.asyncapi import asyncapi_document
from cleanclaim.events.generate.duckdb_views import duckdb_views
from cleanclaim.events.generate.page import reference_page
from cleanclaim.events.generate.schemas import Schema, body_schema, text_of
from cleanclaim.events.generate.yaml_text import yaml_text
from cleanclaim.events.majors import missing_steps
from cleanclaim.events.wire import ContractBrokenError, WireRecord

_REMEDY = "run `python -m cleanclaim.events.generate`, look at the difference and commit it"


def expected_files(rows: tuple[lock.Locked, ...]) -> dict[Path, str]:
    """Return every generated file with its text, given the lock's rows."""
    files = {places.LOCK: lock.written(rows)}
    states = {(one.type, one.version): one.state for one in rows}
    for entry in CATALOG:
        schema = text_of(body_schema(entry))
        files[places.schema_path(entry)] = schema
        is_released = states[entry.type, entry.version] == "released"
        if is_released:
            files[places.released_path(entry.type, entry.version)] = schema
        if places.example_path(entry).exists():
            record = wire_text(example_record(entry.model))
            files[places.wire_path(entry)] = record
            if is_released:
                kept = places.released_wire_path(entry.type, entry.version)
                # what was once told stays as it was, whatever becomes of the example
                files[kept] = kept.read_text("utf-8") if kept.exists() else record
    files[places.REFERENCE / "asyncapi.yaml"] = yaml_text(asyncapi_document())
    files[places.REFERENCE / "events.md"] = reference_page()
    files[places.REFERENCE / "events.duckdb.sql"] = duckdb_views()
    return files


def wire_text(record: WireRecord) -> str:
    """Write a Kafka record as a golden file: topic, key, headers and body, all as text."""
    told = {
        "topic": record.topic,
        "key": record.key.decode(),
        "headers": {name: raw.decode() for name, raw in record.headers},
        "value": record.value.decode(),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def broken_examples(entries: Iterable[Entry]) -> list[str]:
    """Return what examples break of their contracts, as `file: place: rule`; empty if nothing."""
    found = []
    for entry in entries:
        path = places.example_path(entry)
        if not path.exists():
            continue
        try:
            example_record(entry.model)
        except ValidationError as error:
            found += [
                f"{path.name}: {'.'.join(map(str, one['loc']))}: {one['msg']}"
                for one in error.errors(include_url=False)
            ]
        except ContractBrokenError as error:
            found.append(f"{path.name}: {error}; write that as its schema_version")
    return found


def summary(rows: tuple[lock.Locked, ...]) -> str:
    """Return in one line how many contracts there are and what was compared."""
    states = Counter(one.state for one in rows)
    refused = sum(len(places.invalid_example_paths(entry)) for entry in CATALOG)
    return (
        f"{len(CATALOG)} contracts on {len(TOPICS)} topics ({states['released']} versions released,"
        f" {states['draft']} drafts) with {refused} examples that must be refused:"
        " models, schemas, lock, golden records and pages agree"
    )


def stale_files(files: dict[Path, str]) -> list[Path]:
    """Return generated files that are missing, differ, or belong to no contract any more."""
    differing = [
        path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    orphans = [path for path in sorted(places.SCHEMAS.glob("*/*.json")) if path not in files]
    return differing + orphans


def released_schemas(rows: tuple[lock.Locked, ...]) -> dict[tuple[str, str], Schema]:
    """Return the kept schema of each released version."""
    return {
        (one.type, one.version): json.loads(
            places.released_path(one.type, one.version).read_text("utf-8")
        )
        for one in rows
        if one.state == "released"
    }


def main(arguments: list[str] | None = None) -> int:
    """Write, or with `--check` compare; `--release` first pins every draft for ever."""
    parser = argparse.ArgumentParser(description="Write schemas, lock, wire records and pages.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    parser.add_argument("--release", action="store_true", help="pin every draft for ever")
    asked = parser.parse_args(arguments)
    old = lock.parsed(places.LOCK.read_text("utf-8")) if places.LOCK.exists() else ()
    broken = lock.broken_promises(CATALOG, old, released_schemas(old))
    if broken:
        return _fail("released contracts were changed", broken)
    gaps = missing_steps(CATALOG)
    if gaps:
        return _fail("a major that older facts cannot be read as", gaps)
    stale_examples = broken_examples(CATALOG)
    if stale_examples:
        return _fail("examples that are not what their contracts say", stale_examples)
    rows = lock.renewed(CATALOG, old)
    files = expected_files(lock.released(rows) if asked.release else rows)
    if asked.check:
        stale = [str(path.relative_to(places.REPOSITORY)) for path in stale_files(files)]
        if stale:
            return _fail(f"stale: {_REMEDY}", stale)
        sys.stdout.write(f"{summary(rows)}\n")
        return 0
    _write(files)
    return 0


def _write(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for orphan in stale_files(files):
        orphan.unlink()


def _fail(reason: str, places_at_fault: list[str]) -> int:
    sys.stderr.write("\n  ".join([reason, *places_at_fault]) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
