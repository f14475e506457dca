"""Spoil files for as long as asked and keep, as small as may be, each that breaks the codec.

With atheris (Python 3.11 on Linux: `make fuzz` installs it) libFuzzer follows the branches of the
reader; without it, seeded mutations are tried alone. What is found goes to `corpus/`, which the
ordinary tests replay.
"""

import argparse
import hashlib
import importlib.util
import random
import resource
import signal
import subprocess
import sys
import time
import traceback

from fuzzing import CORPUS, LARGEST, SEEDS, judge, mutated, smaller

HANG_SECONDS = 20  # of processor time, for a busy machine is no hang
REDUCE_SECONDS = 30
MEMORY_MEGABYTES = 1024


class Hang(Exception):  # noqa: N818 (named for the trouble)
    """One small file took longer than any small file may."""


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _interrupted(_signal, _frame):
    raise Hang


def trouble(payload):
    """What goes wrong with these bytes, as one line; "" when nothing does."""
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG_SECONDS)
    try:
        judge(payload)
    except Exception as error:  # noqa: BLE001 (any exception is what is looked for)
        place = traceback.extract_tb(error.__traceback__)[-1]
        return (
            f"{type(error).__name__} in {place.filename.rpartition('/')[2]}:{place.lineno} {error}"
        )
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def keep(payload):
    """Write the smallest form, found in time, of a payload that still fails so; its path.

    One that does not fail again, for it hung on what was read before it, is kept whole.
    """
    kind, end = trouble(payload).split(" ")[:3], time.monotonic() + REDUCE_SECONDS

    def fails(shorter):
        return time.monotonic() < end and trouble(shorter).split(" ")[:3] == kind

    small = smaller(payload, fails) if any(kind) else payload
    path = CORPUS / f"found-{hashlib.sha256(small).hexdigest()[:12]}.edi"
    path.write_bytes(small)
    return path


def with_mutations(seconds, seed):
    """Seeded mutations until the time is over; the kinds of trouble found."""
    chance = random.Random(seed)
    end, tried = time.monotonic() + seconds, 0
    found = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() < end:
        payload = mutated(chance.choice(SEEDS), chance)
        tried += 1
        told = trouble(payload)
        if told and (kind := told[:60]) not in found:
            say(told)
            found[kind] = keep(payload)
            say(f"  kept as {found[kind]}")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    say(f"{tried} files tried, {len(found)} kinds of trouble, memory grew by {grown} MB")
    if grown > MEMORY_MEGABYTES:
        say(f"the memory grew by more than {MEMORY_MEGABYTES} MB")
        return 1
    return 1 if found else 0


def with_atheris(seconds, seed):
    """libFuzzer in a process of its own, as it ends by killing itself."""
    corpus = CORPUS.parent.parent.parent.parent / ".tools/fuzz"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, payload in enumerate(SEEDS):
        (corpus / f"seed-{number}.edi").write_bytes(payload)
    limits = [
        f"-max_total_time={seconds}", f"-timeout={HANG_SECONDS}", f"-seed={seed or 1}",
        f"-rss_limit_mb={MEMORY_MEGABYTES}", f"-max_len={LARGEST}", "-verbosity=0",
        "-print_final_stats=1", f"-artifact_prefix={corpus}/trouble-",
    ]  # fmt: skip
    program = str(CORPUS.parent / "fuzz_with_atheris.py")
    command = [sys.executable, program, *limits, str(corpus)]
    run = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True, errors="replace")
    lines = [line for line in run.stderr.splitlines() if "Instrumenting" not in line]
    say("\n".join(lines[-30:]))
    code = run.returncode
    for path in sorted(corpus.glob("trouble-*")):
        payload = path.read_bytes()
        say(f"{trouble(payload) or 'a hang or too much memory'}\n  kept as {keep(payload)}")
        path.unlink()
    return 1 if code else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _interrupted)
    if importlib.util.find_spec("atheris"):
        half = max(1, given.seconds // 2)
        say(f"atheris for {half} s, then seeded mutations for {half} s")
        return with_atheris(half, given.seed) or with_mutations(half, given.seed)
    say("atheris is not installed for this Python: seeded mutations alone")
    return with_mutations(given.seconds, given.seed)


if __name__ == "__main__":
    sys.exit(main())
