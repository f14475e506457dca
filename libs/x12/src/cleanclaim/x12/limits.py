"""How much of a file is looked at before a finding says that it is too much."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds that turn into findings, never into exceptions.

    `segment_bytes`: a longer segment is reported and skipped. `elements`: more in one segment are
    reported. Repetitions, components and loops have the bounds of the guide. `segments_per_claim`:
    a longer claim is reported, parked as `UnreadableClaim` and no longer kept: this bounds memory.
    `claims_per_set`: the guide's 5,000 (005010X222A1 1.4.1, a recommendation).
    `findings_per_set`: after so many the rest of the set is counted, not listed.
    """

    segment_bytes: int = 8 * 1024
    elements: int = 128
    segments_per_claim: int = 20_000
    claims_per_set: int = 5_000
    findings_per_set: int = 5_000
