"""Claim adjustment reason codes (CARC) and remark codes (RARC), what they mean, who acts on them.

The official texts belong to X12; every word here is this project's own. A site that has the right
to the official texts may show them beside `meaning`.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from cleanclaim.codes.answers import Release
from cleanclaim.codes.shipped import decode
from cleanclaim.codes.vocabulary import (
    AdjustmentGroup,
    AppealWorth,
    Disposition,
    NextAction,
    RootCause,
    WorkQueue,
)

_PROPERTY_AND_CASUALTY = re.compile(r"P[1-9][0-9]?")
# Jurisdiction fee schedules and network rates: under CO they are contractual, as 45 is.
_CASUALTY_CONTRACTUAL = frozenset({"P12", "P23", "P24", "P25", "P26", "P29"})
# Investigation and litigation: nothing is decided yet.
_CASUALTY_UNDECIDED = frozenset({"P8", "P10", "P11"})


# Fields that say no more than "something about this claim" (MA130 beside a telling N290).
_WHOLE_CLAIM = frozenset({"", "claim"})


class CodeState(StrEnum):
    LISTED = "listed"
    # No longer in use, routed as the code that replaced it.
    LEGACY = "legacy"
    PROPERTY_AND_CASUALTY = "property_and_casualty"
    # Not in the table: it counts as a denial and a person looks at it; record the gap.
    UNKNOWN = "unknown"


class Carc(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One adjustment reason.

    `is_denial` is false for a normal adjustment, which is counted in posting and not in the denial
    rate; it does not mean "write it off". `groups_usual` is a hint, a breach of `groups_only` is
    worth a warning. `refined_by_remark` marks reasons too general to route by alone.
    """

    code: str
    meaning: str
    category: RootCause
    is_denial: bool
    default_action: NextAction
    appeal: AppealWorth
    owner: WorkQueue
    groups_usual: tuple[AdjustmentGroup, ...] = ()
    groups_only: tuple[AdjustmentGroup, ...] = ()
    by_group: Mapping[AdjustmentGroup, NextAction] = MappingProxyType({})
    disposition: Disposition | None = None
    disposition_by_group: Mapping[AdjustmentGroup, Disposition] = MappingProxyType({})
    refined_by_remark: bool = False
    frequent: bool = False
    evidence: tuple[str, ...] = ()
    note: str = ""
    state: CodeState = CodeState.LISTED

    def __post_init__(self) -> None:
        force_setattr(self, "by_group", MappingProxyType(dict(self.by_group)))
        fixed = MappingProxyType(dict(self.disposition_by_group))
        force_setattr(self, "disposition_by_group", fixed)

    def action_under(self, group: AdjustmentGroup) -> NextAction:
        """The action to propose when the reason comes with this group.

        Groups other than PR forbid billing the patient, whatever the table says, and PR forbids a
        write-off without a policy reason: both become `follow_up`, for a person.
        """
        action = self.by_group.get(group, self.default_action)
        if action is NextAction.BILL_PATIENT and not group.may_bill_patient:
            return NextAction.FOLLOW_UP
        if action is NextAction.WRITE_OFF and group is AdjustmentGroup.PR:
            return NextAction.FOLLOW_UP
        return action

    def disposition_under(self, group: AdjustmentGroup) -> Disposition | None:
        """The table's own disposition for the group, or None where the general rules decide.

        A table that speaks by group and is silent about this one means undecided.
        """
        if self.disposition is not None:
            return self.disposition
        if self.disposition_by_group:
            return self.disposition_by_group.get(group, Disposition.UNDECIDED)
        return None

    def allows(self, group: AdjustmentGroup) -> bool:
        """Whether the published list lets the reason come with the group."""
        return not self.groups_only or group in self.groups_only


class RemarkKind(StrEnum):
    SUPPLEMENTAL = "supplemental"
    # Never decides a category.
    ALERT = "alert"


class RemarkEffect(StrEnum):
    """What a remark says about the claim as a whole, whatever the reason beside it."""

    # Never adjudicated: a new claim (frequency 1), no appeal.
    UNPROCESSABLE = "unprocessable"
    # A replacement (frequency 7) with the payer's claim control number.
    REPLACEMENT_WANTED = "replacement_wanted"
    # Sent on to another payer: wait for that one before billing it.
    FORWARDED = "forwarded"
    # Qualified Medicare Beneficiary: deductible, coinsurance and copay are never the patient's.
    NO_PATIENT_SHARE = "no_patient_share"


class Rarc(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One remark; `claim_field` is the part of a claim to look at first, as a dotted path."""

    code: str
    meaning: str
    category: RootCause
    kind: RemarkKind
    effect: RemarkEffect | None = None
    default_action: NextAction
    appeal: AppealWorth
    owner: WorkQueue
    claim_field: str = ""
    frequent: bool = False
    evidence: tuple[str, ...] = ()
    note: str = ""


class LegacyCarc(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reason out of use; `treat_as` names its successors by this project's own mapping."""

    code: str
    meaning: str
    treat_as: tuple[str, ...]
    note: str = ""


class Routing(Struct, frozen=True, kw_only=True):
    """Where a denied amount goes after reason and remarks were read together."""

    category: RootCause
    owner: WorkQueue
    claim_field: str
    evidence: tuple[str, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    carc: tuple[Carc, ...]
    rarc: tuple[Rarc, ...]
    legacy_carc: tuple[LegacyCarc, ...]


class DenialCodes:
    """All reasons and remarks of one release."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.carcs: Mapping[str, Carc] = MappingProxyType({c.code: c for c in content.carc})
        self.rarcs: Mapping[str, Rarc] = MappingProxyType({r.code: r for r in content.rarc})
        legacy = {entry.code: entry for entry in content.legacy_carc}
        self.legacy: Mapping[str, LegacyCarc] = MappingProxyType(legacy)

    def carc(self, code: str) -> Carc:
        """The reason for any code a payer may send; `state` says how it was found."""
        if code in self.carcs:
            return self.carcs[code]
        if code in self.legacy:
            return self._legacy(self.legacy[code])
        if _PROPERTY_AND_CASUALTY.fullmatch(code):
            return _casualty(code)
        return _unknown(code)

    def rarc(self, code: str) -> Rarc | None:
        """The remark, or None when the table does not hold it: then keep the reason's routing."""
        return self.rarcs.get(code)

    def route(self, reason: str, remarks: tuple[str, ...] = ()) -> Routing:
        """Category, owner, field and evidence from a reason and the remarks that came with it.

        The first supplemental remark that names a part of the claim, or else the first at all,
        decides everything for a general reason (16, 96, 252 …); for any other reason the category
        stands and the remark gives owner, field and evidence. An alert never decides.
        """
        carc = self.carc(reason)
        known = [self.rarcs[code] for code in remarks if code in self.rarcs]
        telling = min(
            (remark for remark in known if remark.kind is RemarkKind.SUPPLEMENTAL),
            key=lambda remark: remark.claim_field in _WHOLE_CLAIM,
            default=None,
        )
        if telling is None:
            return Routing(
                category=carc.category, owner=carc.owner, claim_field="", evidence=carc.evidence
            )
        return Routing(
            category=telling.category if carc.refined_by_remark else carc.category,
            owner=telling.owner,
            claim_field=telling.claim_field,
            evidence=tuple(dict.fromkeys((*carc.evidence, *telling.evidence))),
        )

    def _legacy(self, entry: LegacyCarc) -> Carc:
        if not entry.treat_as:
            # It only announced a correction: nothing is refused and nothing is settled by it.
            return replace(
                _unknown(entry.code),
                meaning=entry.meaning,
                is_denial=False,
                disposition=Disposition.UNDECIDED,
                state=CodeState.LEGACY,
            )
        successor = self.carc(entry.treat_as[0])
        return replace(
            successor, code=entry.code, meaning=entry.meaning, state=CodeState.LEGACY, note=""
        )


@cache
def denial_codes() -> DenialCodes:
    """The shipped table, read once. Raises TableUnreadable."""
    return DenialCodes(*decode("denial_codes.json", _File))


def _unknown(code: str) -> Carc:
    return Carc(
        code=code,
        meaning="Not in our table: read the payer's own list",
        category=RootCause.PAYER_PROCESSING,
        is_denial=True,
        default_action=NextAction.FOLLOW_UP,
        appeal=AppealWorth.SOMETIMES,
        owner=WorkQueue.DENIALS,
        state=CodeState.UNKNOWN,
    )


def _casualty(code: str) -> Carc:
    carc = replace(
        _unknown(code),
        meaning="Property and casualty reason (workers' compensation, auto)",
        owner=WorkQueue.WORKERS_COMPENSATION,
        state=CodeState.PROPERTY_AND_CASUALTY,
    )
    if code in _CASUALTY_UNDECIDED:
        return replace(carc, is_denial=False, disposition=Disposition.UNDECIDED)
    if code in _CASUALTY_CONTRACTUAL:
        return replace(
            carc,
            category=RootCause.CONTRACTUAL,
            is_denial=False,
            default_action=NextAction.POST_ONLY,
            disposition_by_group={AdjustmentGroup.CO: Disposition.CONTRACTUAL},
        )
    return carc
