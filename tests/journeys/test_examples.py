"""The guide to the stream, typed as it stands, and the examples it leads through."""

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

from cleanclaim.events.catalog import CATALOG
from cleanclaim.events.generate.duckdb_views import view_name
from cleanclaim.payersim.scenario import Rule

from .stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/guides/subscribe-to-the-stream.md"
NOTEBOOK = ROOT / "examples/notebooks/follow_the_money.ipynb"
VIEWS = ROOT / "docs/reference/events.duckdb.sql"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BUNDLED = Rule(
    name="bundled", outcome="deny", lines="85025", group="CO", reason="97", remarks=("M15",)
)


@pytest.fixture(scope="module")
async def denied(system):
    """The organization of a clinic with one denied line, 31.00 of it."""
    async with a_story(system, a_scenario(BUNDLED), "For readers") as story:
        await story.clinic.send([a_visit(story, "99213", "85025")])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        yield story.clinic.organization_id


def test_the_guide_to_the_stream_leads_there(system, denied, tmp_path):
    typed = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input="\n".join(BLOCK.findall(GUIDE.read_text(encoding="utf-8"))),
        cwd=ROOT,
        env={
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "CLEANCLAIM_STACK_DIR": str(system.places.folder),
            "ORGANIZATION": str(denied),
            "DUMP": str(tmp_path / "dump"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert typed.returncode == 0, f"{typed.stdout}\n{typed.stderr}"
    assert (
        len(
            re.findall(
                r"^\d{4}-\d\d-\d\d (claim|line) denied: \d+\.\d\d$", typed.stdout, re.MULTILINE
            )
        )
        == 2
    )
    # the stream is everybody's: other stories may have bundled lines denied as well
    cases, cents = re.search(r"bundling +│ +(\d+) │ +(\d+) │", typed.stdout).groups()
    assert int(cases) >= 1
    assert int(cents) >= 31_00
    assert '"event_type":"cleanclaim.denials.DenialOpened.v1"' in typed.stdout
    assert _shown_by_views(tmp_path / "dump") == _told_in(tmp_path / "dump")


def _told_in(dump: Path) -> Counter[str]:
    """How many facts of each contract lie in a dump, a fact that was told twice once."""
    told = {
        (body.get("event_type"), body.get("event_id"))
        for file in dump.glob("*.ndjson")
        for body in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    }
    known = {entry.type for entry in CATALOG}
    return Counter(event_type for event_type, _ in told if event_type in known)


def _shown_by_views(dump: Path) -> Counter[str]:
    """How many rows the view of each contract shows over a dump."""
    lake = duckdb.connect()
    files = f"read_ndjson_objects('{dump}/*.ndjson')"
    lake.execute(f"CREATE VIEW stream AS SELECT json FROM {files}")  # noqa: S608
    lake.execute(VIEWS.read_text(encoding="utf-8"))
    shown = Counter()
    for entry in CATALOG:
        # every column is read and typed, not only counted
        rows = lake.execute(f"SELECT * FROM {view_name(entry)}").fetchall()  # noqa: S608
        shown[entry.type] += len(rows)
    return +shown


async def test_the_notebook_follows_the_money(system, denied, tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # it speaks of its own folder and writes its dump there
    notebook.cells[1].source = notebook.cells[1].source.replace(
        'Path("dump")', f'Path("{tmp_path}")'
    )
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAFKA_BOOTSTRAP_SERVERS", system.kafka_bootstrap)
        await client.async_execute()
    answers = [
        one.outputs[-1]["data"]["text/plain"] for one in notebook.cells if one.get("outputs")
    ]
    assert "('bundling'," in answers[1]
    entries, sum_cents, worst_cents = re.search(r"\((\d+), (-?\d+), (\d+)\)", answers[2]).groups()
    assert int(entries) > 0
    assert (sum_cents, worst_cents) == ("0", "0")
    assert "ClaimDenied.v1" in answers[3]
    assert "EncounterReady.v1" in answers[3]
