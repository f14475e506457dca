"""The verbs of intake; a door commits, a verb never does."""

from cleanclaim.intake.commands.directory import (
    SentClaim,
    keep_payers,
    mark_billed,
    note_organization,
)
from cleanclaim.intake.commands.encounters import (
    change_encounter,
    hold_encounter,
    receive_encounter,
    recheck_encounter,
    release_encounter,
    validate_encounter,
    void_encounter,
)
from cleanclaim.intake.commands.examining import Examined
from cleanclaim.intake.commands.people import (
    change_coverage,
    change_patient,
    register_coverage,
    register_patient,
)

__all__ = [
    "Examined",
    "SentClaim",
    "change_coverage",
    "change_encounter",
    "change_patient",
    "hold_encounter",
    "keep_payers",
    "mark_billed",
    "note_organization",
    "receive_encounter",
    "recheck_encounter",
    "register_coverage",
    "register_patient",
    "release_encounter",
    "validate_encounter",
    "void_encounter",
]
