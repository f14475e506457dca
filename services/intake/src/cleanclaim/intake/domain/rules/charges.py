"""E01, E05, G01, G02, K05: units, repeated lines, amounts and how many lines there are."""

from collections.abc import Iterator

from cleanclaim.intake.domain.charge import Charge, quantity
from cleanclaim.intake.domain.rules.rule import Examination, Trouble
from cleanclaim.values.cents import dollars

_MOST_LINES = 50
_UNITS = {"UN", "MJ"}
# SV104 has at most three decimals (837 guide 005010X222A1).
_MOST_DECIMALS = 3


def check_units(examination: Examination) -> Iterator[Trouble]:
    """Units are a plain decimal number over 0, counted in units (UN) or minutes (MJ)."""
    for pointer, charge in _lines(examination):
        units = quantity(charge.units)
        if units is None or units <= 0 or -_exponent(charge) > _MOST_DECIMALS:
            yield Trouble(
                code="units_unacceptable" if charge.units else "units_missing",
                pointer=f"{pointer}/units",
                message="Units are no plain decimal number over 0 with at most three decimals.",
                expected='A number as text, for example "1" or "0.5".',
                charge_id=charge.charge_id,
            )
        if charge.unit not in _UNITS:
            yield Trouble(
                code="unit_unknown",
                pointer=f"{pointer}/unit",
                message="A professional line counts units or minutes.",
                expected="UN or MJ.",
                value=charge.unit,
                charge_id=charge.charge_id,
            )


def check_repeated_lines(examination: Examination) -> Iterator[Trouble]:
    """No two lines are equal in code, modifiers, days and charge."""
    seen: dict[object, int] = {}
    for pointer, charge in _lines(examination):
        same = (
            charge.procedure_code,
            charge.modifiers,
            charge.service_from_on,
            charge.service_to_on,
            charge.charge_cents,
        )
        if same in seen and charge.procedure_code:
            yield Trouble(
                code="line_repeated",
                pointer=pointer,
                message=f"This line equals line {seen[same]} in all that a payer compares.",
                expected="One line with more units, or modifier 76 on the repeated service.",
                value=charge.procedure_code,
                charge_id=charge.charge_id,
            )
        seen.setdefault(same, charge.line_number)


def check_total(examination: Examination) -> Iterator[Trouble]:
    """A total that is stated is the sum of the lines' charges, to the cent."""
    content = examination.version.content
    stated = content.stated_total_charge_cents
    if stated is not None and stated != content.total_charge_cents:
        yield Trouble(
            code="total_differs",
            pointer="/total_charge_cents",
            message=f"The stated total is {dollars(stated)}, and the lines sum to"
            f" {dollars(content.total_charge_cents)}.",
            expected="The sum of the lines; or the line that is missing.",
        )


def check_amounts(examination: Examination) -> Iterator[Trouble]:
    """No charge is missing or negative (RFI 2499); one of 0 is shown."""
    for pointer, charge in _lines(examination):
        cents = charge.charge_cents
        if cents is None or cents <= 0:
            code = "charge_missing" if cents is None else "charge_negative"
            yield Trouble(
                code="charge_zero" if cents == 0 else code,
                pointer=f"{pointer}/charge_cents",
                message="The line's charge is missing, negative or 0.",
                expected="Whole cents over 0; a correction is a replacement claim.",
                charge_id=charge.charge_id,
                warns=cents == 0,
            )


def check_line_count(examination: Examination) -> Iterator[Trouble]:
    """A professional claim has 1 to 50 lines (837P 2400)."""
    count = len(examination.version.content.charges)
    if not 1 <= count <= _MOST_LINES:
        yield Trouble(
            code="lines_missing" if count == 0 else "lines_too_many",
            pointer="/lines",
            message=f"There are {count} lines.",
            expected="1 to 50; more are a second encounter.",
        )


def _lines(examination: Examination) -> Iterator[tuple[str, Charge]]:
    for place, charge in enumerate(examination.version.content.charges):
        yield f"/lines/{place}", charge


def _exponent(charge: Charge) -> int:
    units = quantity(charge.units)
    exponent = units.as_tuple().exponent if units is not None else 0
    return exponent if isinstance(exponent, int) else 0
