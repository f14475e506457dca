"""The DuckDB views, executed: each contract's example comes out of its view, typed."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import duckdb
import pytest

from cleanclaim.events.catalog import CATALOG, Entry
from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.examples import example_body
from cleanclaim.events.generate.duckdb_views import duckdb_views, view_name


@pytest.fixture(scope="module")
def stream() -> duckdb.DuckDBPyConnection:
    """Every example once, the submitted claim twice, as a stream delivers at least once."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("CREATE TABLE stream (json JSON)")
    told = [example_body(entry.model) for entry in CATALOG] + [example_body(ClaimSubmitted)]
    connection.executemany("INSERT INTO stream VALUES (?)", [(json.dumps(one),) for one in told])
    connection.execute(duckdb_views())
    return connection


def plainly(value: Any) -> Any:
    """A value of DuckDB as JSON writes it; what is absent in JSON is null in a column."""
    if isinstance(value, dict):
        return {name: plainly(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plainly(one) for one in value]
    if isinstance(value, datetime):
        return value.timestamp()
    return value.isoformat() if isinstance(value, date) else _text_of_id(value)


def _text_of_id(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def expected(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: expected(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [expected(one) for one in value]
    if isinstance(value, str) and value.endswith("Z") and "T" in value:
        return datetime.fromisoformat(value).timestamp()
    return value


@pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)
def test_a_view_shows_the_example_of_its_contract_once_and_whole(
    stream: duckdb.DuckDBPyConnection, entry: Entry
) -> None:
    found = stream.execute(f"SELECT * FROM {view_name(entry)}")  # noqa: S608 - a name of ours
    names = [one[0] for one in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert [plainly(row) for row in rows] == [expected(example_body(entry.model))]


def test_money_adds_up_as_whole_cents(stream: duckdb.DuckDBPyConnection) -> None:
    total, kind = stream.execute(
        "SELECT sum(line.charge_cents)::BIGINT, typeof(any_value(line.charge_cents))"
        " FROM (SELECT unnest(lines) AS line FROM claim_submitted_v1)"
    ).fetchone()
    assert (total, kind) == (example_body(ClaimSubmitted)["total_charge_cents"], "BIGINT")
