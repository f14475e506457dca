"""`make bench-x12`: our codec and its peers on the same files, whole processes, pair by pair.

CLAIMS=10000 (in each file), PEERS="pyx12 x12sdk oxedi staedi", RUNS=3, KINDS="837p 835 837i",
GROWTH=1 (instead: one ST of each kind, from 10 MB to so many whole GB, for memory and growth).
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from environments import HERE, Missing, commands

MEGABYTE = 1 << 20
# Which peers read which kind, and the ratios that we want to keep (CPU of the peer to ours).
PAIRS = {
    ("837p", "pyx12"): ">= 20",
    ("837p", "x12sdk"): ">= 14",
    ("837p", "linuxforhealth"): "",
    ("837p", "staedi"): ">= 2.5",
    ("837i", "pyx12"): "",
    ("835", "pyx12"): ">= 14",
    ("835", "x12sdk"): ">= 8",
    ("835", "staedi"): ">= 2.5",
    ("835", "oxedi"): ">= 0.5",
}


RATIOS = ("CPU x", "wall x", "wanted")


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds and peak memory in bytes of one process."""

    cpu: float
    wall: float
    memory: int
    said: str


def cost(command: list[str], file: Path) -> Cost:
    words = [word.format(file) for word in command]
    if words == command:
        words.append(str(file))
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, text=True)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = (out.read().strip().splitlines() or [""])[-1]
    if child.returncode:
        raise Missing(f"{words[0]} failed on {file.name}: {said[-300:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024, said)


def made(path: Path, kind: str, claims: int, per_set: int = 0) -> Path:
    """A file of invented claims, made by a process of its own.

    The peak of a child counts what its parent held when it was started, so this one holds little.
    """
    words = [kind, str(path), "--claims", str(claims), "--per-set", str(per_set)]
    subprocess.run([sys.executable, str(HERE / "files.py"), *words], check=True)
    return path


def ours(job: str) -> list[str]:
    return [sys.executable, str(HERE / "ours.py"), job]


def middle(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(one.cpu for one in costs),
        statistics.median(one.wall for one in costs),
        max(one.memory for one in costs),
        costs[-1].said,
    )


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def numbers(one: Cost) -> list[str]:
    return [f"{one.cpu:.2f}", f"{one.wall:.2f}", f"{one.memory / MEGABYTE:.0f}"]


def compare(files: dict[str, Path], peers: list[str], runs: int) -> None:
    """Ours and a peer in turn; the ratios are medians of the ratios of the turns."""
    print(
        "\nPeers: CPU and wall in seconds, memory in MB; ratios are theirs to ours, turn by turn.\n"
    )
    row(
        "file",
        "peer",
        "CPU",
        "wall",
        "MB",
        "our CPU",
        "wall",
        "MB",
        "CPU x",
        "wall x",
        "wanted",
        "it says",
    )
    row(*["---"] * 2, *["---:"] * 8, *["---"] * 2)
    for (kind, peer), wanted in PAIRS.items():
        if kind not in files or peer not in peers:
            continue
        try:
            theirs = commands(peer, kind)
            turns = [
                (cost(ours("claims"), files[kind]), cost(theirs, files[kind])) for _ in range(runs)
            ]
        except Missing as reason:
            row(kind, peer, f"MISSING: {reason}", *[""] * 9)
            continue
        own, other = middle([a for a, _ in turns]), middle([b for _, b in turns])
        cpu = statistics.median(b.cpu / a.cpu for a, b in turns)
        wall = statistics.median(b.wall / a.wall for a, b in turns)
        ratios = (f"{cpu:.1f}", f"{wall:.1f}", wanted)
        row(kind, peer, *numbers(other), *numbers(own), *ratios, other.said)


def jobs(files: dict[str, Path], runs: int) -> None:
    print("\nOur own jobs, each a whole process.\n")
    row("file", "job", "CPU", "wall", "MB", "of `document`", "it says")
    row(*["---"] * 2, *["---:"] * 4, "---")
    for kind, file in files.items():
        names = ("document", "claims", "segments", "write", "answer", "situations")
        turns = [{name: cost(ours(name), file) for name in names} for _ in range(runs)]
        for name in names:
            one = middle([turn[name] for turn in turns])
            share = statistics.median(turn[name].cpu / turn["document"].cpu for turn in turns)
            row(kind, name, *numbers(one), f"{share:.2f}", one.said)


def growth(folder: Path, kinds: list[str], gigabytes: int) -> None:
    """Files of one ST, each ten times the last: what a claim costs and what is held of it."""
    print("\nGrowth: one ST, streamed by claim.\n")
    row("file", "claims", "file MB", "CPU", "wall", "MB", "CPU us a claim")
    row("---", *["---:"] * 6)
    for kind in kinds:
        sample = made(folder / f"growth.{kind}", kind, 1000).stat().st_size
        for share in (100, 10, 1):
            number = round(gigabytes * 1024 * MEGABYTE / share / sample * 1000)
            file = made(folder / f"growth.{kind}", kind, number)
            size = file.stat().st_size / MEGABYTE
            one = cost(ours("claims"), file)
            row(kind, str(number), f"{size:.1f}", *numbers(one), f"{one.cpu / number * 1e6:.0f}")
            file.unlink()


def main() -> None:
    ask = os.environ.get
    claims, runs = int(ask("CLAIMS") or 10_000), int(ask("RUNS") or 3)
    peers = (ask("PEERS") or "pyx12 x12sdk oxedi staedi").split()
    kinds = (ask("KINDS") or "837p 835 837i").split()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{claims} claims a file, {runs} runs")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if ask("GROWTH"):
            growth(folder, kinds, int(ask("GROWTH") or 1))
            return
        files = {
            kind: made(folder / f"claims.{kind}", kind, claims, 2500 if kind == "835" else 5000)
            for kind in kinds
        }
        for kind, file in files.items():
            said = cost(ours("claims"), file).said
            print(f"{kind}: {file.stat().st_size / MEGABYTE:.1f} MB, {said}")
        compare(files, peers, runs)
        jobs(files, runs)


if __name__ == "__main__":
    main()
