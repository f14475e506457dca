"""What posting does with one adjustment: rules D1 to D8 of libs/codes/RULES.md, decided once."""

from dataclasses import dataclass, replace

from cleanclaim.codes.denials import Carc, RemarkEffect, denial_codes
from cleanclaim.codes.vocabulary import AdjustmentGroup, Disposition, RootCause
from cleanclaim.remittance.domain.claim_payment import Adjustment, ClaimPayment, ServicePayment

# CARC 246 is reporting only: it may take the whole charge without refusing anything.
_REPORTING_ONLY = "246"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rules need to know beside group and reason.

    `further_payer`: one is on file or got the claim by crossover, and we know which.
    `forwarded`: the claim was sent on, perhaps to a payer that we do not know.
    `no_patient_share`: a remark says Qualified Medicare Beneficiary.
    """

    further_payer: bool
    forwarded: bool = False
    no_patient_share: bool = False


def circumstances_of(
    payment: ClaimPayment, *, further_payer: bool, forwarded: bool
) -> Circumstances:
    """What the payment's own remarks add to what is on file."""
    effects = {_effect(code) for code in payment.all_remark_codes}
    return Circumstances(
        further_payer=further_payer,
        forwarded=forwarded,
        no_patient_share=RemarkEffect.NO_PATIENT_SHARE in effects,
    )


def is_forwarded(remark_codes: tuple[str, ...]) -> bool:
    """Whether a remark (MA07, MA18) says that the claim was sent on to another payer."""
    return any(_effect(code) is RemarkEffect.FORWARDED for code in remark_codes)


def disposition_of(group: str, reason: str, around: Circumstances) -> Disposition:
    """Rules D2 to D7 for one pair of group and CARC, the first that fits.

    An unknown code is a denial (D3); a group outside the list settles nothing, so undecided.
    """
    if group not in AdjustmentGroup.__members__:
        return Disposition.UNDECIDED
    code, under = denial_codes().carc(reason), AdjustmentGroup(group)
    stated = code.disposition_under(under)
    if stated is not None:
        return _possible(stated, around)
    if code.is_denial:
        return Disposition.DENIED
    if under is AdjustmentGroup.PI:
        return Disposition.PAYER_INITIATED
    return _by_category(code, under, around)


def judged(payment: ClaimPayment, around: Circumstances, *, is_professional: bool) -> ClaimPayment:
    """The payment with a disposition on every adjustment: D2 to D7, then the guard D8."""
    lines = tuple(
        replace(line, adjustments=_dispose(line.adjustments, around)) for line in payment.lines
    )
    if is_professional:
        lines = tuple(_guarded_line(line) for line in lines)
    whole = replace(payment, adjustments=_dispose(payment.adjustments, around), lines=lines)
    return _guarded_claim(whole)


def _dispose(given: tuple[Adjustment, ...], around: Circumstances) -> tuple[Adjustment, ...]:
    return tuple(
        replace(one, disposition=disposition_of(one.group, one.reason, around).value)
        for one in given
    )


def _by_category(code: Carc, group: AdjustmentGroup, around: Circumstances) -> Disposition:
    if code.category is RootCause.PATIENT_RESPONSIBILITY:  # D5
        if group is AdjustmentGroup.PR:
            return _share(around)
        return Disposition.CONTRACTUAL if group is AdjustmentGroup.CO else Disposition.UNDECIDED
    if code.category is RootCause.CONTRACTUAL and group in {  # D6
        AdjustmentGroup.CO,
        AdjustmentGroup.OA,
    }:
        return Disposition.CONTRACTUAL
    return Disposition.UNDECIDED  # D7; PR-45 is a balance bill


def _share(around: Circumstances) -> Disposition:
    if around.no_patient_share:
        return Disposition.UNDECIDED
    if around.further_payer:
        return Disposition.NEXT_PAYER
    # sent on to nobody we know: the patient must not be asked for it (D7)
    return Disposition.UNDECIDED if around.forwarded else Disposition.PATIENT_SHARE


def _possible(stated: Disposition, around: Circumstances) -> Disposition:
    if stated is Disposition.NEXT_PAYER and not around.further_payer:
        return Disposition.UNDECIDED
    return stated


def _guarded_line(line: ServicePayment) -> ServicePayment:
    if not _hides_a_denial(line.paid_cents, line.charge_cents, line.adjustments):
        return line
    return replace(line, adjustments=_refused(line.adjustments))


def _guarded_claim(payment: ClaimPayment) -> ClaimPayment:
    if not _hides_a_denial(payment.paid_cents, payment.charge_cents, payment.all_adjustments):
        return payment
    return replace(
        payment,
        adjustments=_refused(payment.adjustments),
        lines=tuple(
            replace(line, adjustments=_refused(line.adjustments)) for line in payment.lines
        ),
    )


def _hides_a_denial(paid: int, charge: int, given: tuple[Adjustment, ...]) -> bool:
    """D8: nothing paid, no share, and contractual codes (246 apart) took the whole charge."""
    if paid or charge <= 0 or any(one.reason == _REPORTING_ONLY for one in given):
        return False
    if any(one.disposition != Disposition.CONTRACTUAL for one in given):
        return False
    return sum(one.amount_cents for one in given) == charge


def _refused(given: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(replace(one, disposition=Disposition.DENIED.value) for one in given)


def _effect(remark: str) -> RemarkEffect | None:
    found = denial_codes().rarc(remark)
    return found.effect if found else None
