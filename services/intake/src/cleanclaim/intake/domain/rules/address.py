"""A06: postal addresses in the shape that a claim needs."""

import re
from collections.abc import Iterator

from cleanclaim.codes.states import is_state
from cleanclaim.intake.domain.coverage import SELF
from cleanclaim.intake.domain.person import Address
from cleanclaim.intake.domain.rules.rule import Examination, Trouble

_ZIP = re.compile(r"[0-9]{5}(?:[0-9]{4})?")


def check_addresses(examination: Examination) -> Iterator[Trouble]:
    """Street, city, a state's code and a ZIP of 5 or 9 digits for all whom a claim names.

    Whether the ZIP lies in the state needs a postal table and is not judged here.
    """
    yield from _judged(examination.version.patient.person.address, "/patient/address")
    for place, coverage in enumerate(examination.version.coverages):
        if coverage.subscriber is not None and coverage.relationship != SELF:
            where = f"/coverages/{place}/subscriber/address"
            yield from _judged(coverage.subscriber.address, where)
    facility = examination.version.content.facility
    if facility is not None and facility.address is not None:
        yield from _judged(facility.address, "/facility/address")


def _judged(address: Address | None, pointer: str) -> Iterator[Trouble]:
    if address is None:
        yield Trouble(
            code="address_missing",
            pointer=pointer,
            message="The address is missing.",
            expected="Street, city, state and ZIP.",
        )
        return
    for field, given in (("line1", address.line1), ("city", address.city)):
        if not (given or "").strip():
            yield Trouble(
                code=f"address_{field}_missing",
                pointer=f"{pointer}/{field}",
                message=f"The address has no {'street' if field == 'line1' else 'city'}.",
                expected="The address as mail would need it.",
            )
    if not is_state(address.state or ""):
        yield Trouble(
            code="state_unknown",
            pointer=f"{pointer}/state",
            message="The state is no postal code of a state, territory or military post.",
            expected="Two upper-case letters, for example MA.",
        )
    if not _ZIP.fullmatch(address.zip or ""):
        yield Trouble(
            code="zip_malformed",
            pointer=f"{pointer}/zip",
            message="The ZIP code has not 5 or 9 digits.",
            expected="02118 or 021184400, without a dash.",
        )
