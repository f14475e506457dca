"""Says what figures were measured on, and prints them as the documents show them."""

import os
import platform
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def measured_on() -> str:
    """Machine, interpreter, commit and day in one line."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"{_processor()}, {cores} cores, {memory} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; commit {commit or 'unknown'}, "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M}Z, load {os.getloadavg()[0]:.1f} at the start"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def resident_mib(pid: int) -> float:
    """Memory that a process holds now (resident set, MiB)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def age_of(pid: int) -> float:
    """Seconds since a process was started."""
    # man 5 proc: field 22 is the start in clock ticks since boot; the name may hold spaces
    ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a Markdown table, numbers to the right."""
    lines = ["| " + " | ".join(heads) + " |"]
    lines.append("| --- |" + " ---: |" * (len(heads) - 1))
    lines += ["| " + " | ".join(_shown(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell >= 100 else f"{cell:.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share (0 to 1) of the values lies; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def whole(name: str, default: int) -> int:
    """A knob from the environment.

    Raises:
        SystemExit: it is no whole number above zero.
    """
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise SystemExit(f"{name}={text} must be a whole number above zero")
    return int(text)
