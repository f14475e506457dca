"""What can be done in denials."""

from cleanclaim.denials.commands.knowing import (
    record_decisions,
    record_payers,
    record_providers,
    record_rejections,
    record_reversals,
    record_submissions,
)
from cleanclaim.denials.commands.opening import HeardRefusal, open_denials
from cleanclaim.denials.commands.settling import Trigger, reassess
from cleanclaim.denials.commands.working import assign_denial, start_denial

__all__ = [
    "HeardRefusal",
    "Trigger",
    "assign_denial",
    "open_denials",
    "reassess",
    "record_decisions",
    "record_payers",
    "record_providers",
    "record_rejections",
    "record_reversals",
    "record_submissions",
    "start_denial",
]
