"""The one place of this package that reads a clock: the day and hour on the answers it writes."""

from __future__ import annotations

from datetime import datetime


def local_now() -> datetime:
    """Local time without a zone, as an ISA carries it (X12.5 ISA09, ISA10)."""
    return datetime.now().replace(second=0, microsecond=0)  # noqa: DTZ005 (an ISA has no zone)
