"""A charge: one priced act of an encounter, before billing."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line of an encounter. `units` is decimal text as given, `charge_cents` is cents.

    `charge_id` stays with a line number over all versions of the encounter.
    """

    charge_id: UUID
    line_number: int
    procedure_code: str | None = None
    modifiers: tuple[str, ...] = ()
    units: str | None = None
    unit: str = "UN"
    charge_cents: int | None = None
    service_from_on: date | None = None
    service_to_on: date | None = None
    place_of_service: str | None = None
    diagnosis_pointers: tuple[int, ...] = ()


def quantity(units: str | None) -> Decimal | None:
    """The units as an exact number; None for what is no plain decimal number.

    At most twelve digits before the point and four after it: no exponent, no bare point, no plus.
    """
    if units is None or _PLAIN_DECIMAL.fullmatch(units) is None:
        return None
    return Decimal(units)
