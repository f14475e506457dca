"""Judges the invariants one by one on one look; for the command, the demo and the fault suite."""

import time
from collections.abc import Collection

from cleanclaim.verify.invariants import INVARIANTS
from cleanclaim.verify.look import Look, Wish, looking
from cleanclaim.verify.places import Places
from cleanclaim.verify.verdicts import CannotLook, Invariant, Verdict


def chosen(only: Collection[str]) -> list[Invariant[Look]]:
    """The invariants of these ids, all where none is named.

    Raises:
        CannotLook: an id is none of an invariant.
    """
    known = {one.id for one in INVARIANTS}
    if unknown := sorted(set(only) - known):
        ids = ", ".join(one.id for one in INVARIANTS)
        raise CannotLook(f"there is no invariant {', '.join(unknown)}; there are {ids}")
    return [one for one in INVARIANTS if not only or one.id in only]


async def judge(places: Places, wish: Wish, *, only: Collection[str] = ()) -> list[Verdict]:
    """The verdict of each invariant, all on the same snapshots.

    Raises:
        CannotLook: a database, the broker or an id.
    """
    invariants = chosen(only)
    verdicts = []
    async with looking(places, wish, stream=any(one.reads_stream for one in invariants)) as look:
        for one in invariants:
            started = time.monotonic()
            seen = await one.check(look)
            verdicts.append(Verdict(invariant=one, seen=seen, seconds=time.monotonic() - started))
    return verdicts
