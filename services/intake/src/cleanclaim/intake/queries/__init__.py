"""The questions that intake answers; nothing here changes anything."""

from cleanclaim.intake.queries.encounters import (
    Filters,
    encounter_page,
    encounter_standing,
    findings_of_version,
    has_to_recheck,
    to_recheck,
    version_document,
)
from cleanclaim.intake.queries.people import find_patient, the_coverage, the_patient

__all__ = [
    "Filters",
    "encounter_page",
    "encounter_standing",
    "find_patient",
    "findings_of_version",
    "has_to_recheck",
    "the_coverage",
    "the_patient",
    "to_recheck",
    "version_document",
]
