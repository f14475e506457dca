"""Where generated files stand in a checkout, and how a contract's name becomes a file's."""

import re
from pathlib import Path

from cleanclaim.events.catalog import Entry

LIBRARY = Path(__file__).resolve().parents[3]
REPOSITORY = LIBRARY.parents[1]
SCHEMAS = LIBRARY / "schemas"
RELEASED = SCHEMAS / "released"
EXAMPLES = LIBRARY / "examples"
LOCK = LIBRARY / "contracts.lock"
REFERENCE = REPOSITORY / "docs" / "reference"


def snake(name: str) -> str:
    """Write a contract's name as its files are named: `ClaimSubmitted` as `claim_submitted`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def stem(entry: Entry) -> str:
    return f"{snake(entry.name)}.v{entry.major}"


def schema_path(entry: Entry) -> Path:
    return SCHEMAS / entry.teller / f"{stem(entry)}.json"


def released_path(event_type: str, version: str) -> Path:
    """Return where the schema of a released version is kept for ever."""
    _, teller, name, _ = event_type.split(".")
    return RELEASED / teller / f"{snake(name)}.v{version}.json"


def released_wire_path(event_type: str, version: str) -> Path:
    """Return where the golden record of a released version is kept for ever."""
    _, teller, name, _ = event_type.split(".")
    return EXAMPLES / "released" / teller / f"{snake(name)}.v{version}.wire.json"


def released_wire_paths(entry: Entry) -> list[Path]:
    """Return the golden records that are kept of a major's released versions, oldest first."""
    kept = (EXAMPLES / "released" / entry.teller).glob(f"{stem(entry)}.*.wire.json")
    return sorted(kept, key=lambda path: int(path.name.split(".")[2]))


def example_path(entry: Entry) -> Path:
    return EXAMPLES / entry.teller / f"{stem(entry)}.json"


def invalid_example_paths(entry: Entry) -> list[Path]:
    return sorted((EXAMPLES / entry.teller).glob(f"{stem(entry)}.invalid-*.json"))


def wire_path(entry: Entry) -> Path:
    return EXAMPLES / entry.teller / f"{stem(entry)}.wire.json"
