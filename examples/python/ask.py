"""Ask a dump of the stream by SQL, over the typed views of docs/reference/events.duckdb.sql."""

import argparse
from pathlib import Path

import duckdb

VIEWS = Path(__file__).parents[2] / "docs/reference/events.duckdb.sql"

asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("folder", type=Path, help="what dump.py wrote")
asked.add_argument("sql", help="for example: SELECT count(*) FROM claim_submitted_v1")
question = asked.parse_args()

lake = duckdb.connect()
files = str(question.folder / "*.ndjson").replace("'", "''")
lake.execute(f"CREATE VIEW stream AS SELECT json FROM read_ndjson_objects('{files}')")
lake.execute(VIEWS.read_text(encoding="utf-8"))
lake.sql(question.sql).show()
