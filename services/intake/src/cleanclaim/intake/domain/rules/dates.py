"""F01, F02: days of service that exist, in order, within the encounter and not in the future."""

from collections.abc import Iterator

from cleanclaim.intake.domain.rules.rule import Examination, Trouble


def check_future(examination: Examination) -> Iterator[Trouble]:
    """No day of service lies after the day on which the encounter came in."""
    received_on = examination.version.received_on
    content = examination.version.content
    days = [
        ("/service_from_on", content.service_from_on),
        ("/service_to_on", content.service_to_on),
    ]
    for place, charge in enumerate(content.charges):
        days.append((f"/lines/{place}/service_from_on", charge.service_from_on))
        days.append((f"/lines/{place}/service_to_on", charge.service_to_on))
    for pointer, day in days:
        if day is not None and day > received_on:
            yield Trouble(
                code="service_in_future",
                pointer=pointer,
                message="The day of service had not come when the encounter was received.",
                expected=f"A day up to {received_on}.",
            )


def check_order(examination: Examination) -> Iterator[Trouble]:
    """From is not after to, and each line lies within the encounter."""
    content = examination.version.content
    first, last = content.service_from_on, content.service_to_on
    if first is None or last is None:
        yield Trouble(
            code="service_date_missing",
            pointer="/service_from_on" if first is None else "/service_to_on",
            message="The day of service is missing.",
            expected="YYYY-MM-DD.",
        )
        return
    if first > last:
        yield Trouble(
            code="service_dates_swapped",
            pointer="/service_from_on",
            message="The first day of service is after the last.",
            expected="Exchange them, or correct the one that is wrong.",
        )
        return
    for place, charge in enumerate(content.charges):
        starts, ends = charge.service_from_on, charge.service_to_on
        if starts is None or ends is None or not first <= starts <= ends <= last:
            yield Trouble(
                code="line_outside_encounter",
                pointer=f"/lines/{place}/service_from_on",
                message="The line's days are missing, swapped or outside those of the encounter.",
                expected=f"Days from {first} to {last}.",
                charge_id=charge.charge_id,
            )
