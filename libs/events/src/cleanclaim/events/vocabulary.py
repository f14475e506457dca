"""The words that every contract is written in: scalar types, and the two marks of privacy."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.fields import FieldInfo

PHI_CLASSES = ("none", "limited", "direct")


def plain(description: str, **constraints: Any) -> FieldInfo:
    """Mark a field that says nothing of any one person (`x-phi: none`)."""
    return _field(description, "none", constraints)


def limited(description: str, **constraints: Any) -> FieldInfo:
    """Mark a field of one person's care or claim (`x-phi: limited`).

    Ids of ours, codes, dates of service and amounts: at best a limited data set under
    45 CFR 164.514(e). Direct identifiers have no mark, for they have no place in a stream.
    """
    return _field(description, "limited", constraints)


def _field(description: str, phi: str, constraints: dict[str, Any]) -> FieldInfo:
    made: FieldInfo = Field(
        description=description, json_schema_extra={"x-phi": phi}, **constraints
    )
    return made


def utc_text(instant: datetime) -> str:
    """Write an aware instant as RFC 3339 in UTC, ending in `Z`, as body and headers carry it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _in_utc(instant: datetime) -> datetime:
    if instant.utcoffset():
        raise ValueError("an instant is told in UTC: convert it before telling the fact")
    return instant.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "Z$"}),
]
"""An aware moment in UTC, written with `Z`."""

Day = date
"""A calendar day, ISO 8601."""

Cents = int
"""United States dollars in whole cents; negative where the fact takes money back."""

Code = Annotated[str, Field(min_length=1, max_length=60)]
"""A code as its code set writes it, or a word of ours; an open set: readers keep unknown ones."""

ControlNumber = Annotated[str, Field(min_length=1, max_length=50)]
"""A reference that another party assigned to a claim, payment or file; never to a person."""

Label = Annotated[str, Field(min_length=1, max_length=120)]
"""The public name of an organization, provider or payer; never of a patient."""

Npi = Annotated[str, Field(pattern=r"^\d{10}$")]
"""A National Provider Identifier: ten digits, the check digit proved by whoever took it in."""

Quantity = Annotated[str, Field(pattern=r"^-?\d{1,15}(\.\d{1,4})?$")]
"""Units as decimal text (`1`, `0.5`), for a JSON number would pass through binary fractions."""


class Part(BaseModel):
    """A named shape within a contract: frozen, strict, closed to unknown fields when written."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
