"""People, addresses and providers as requests and answers carry them."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis.fields import Day
from cleanclaim.intake.domain.person import Address, Facility, Person, Practitioner

CLOSED = ConfigDict(extra="forbid", strict=True)
"""Of requests: a field that we do not know is refused, and nothing is made to fit."""

# No control characters: they have no place in a claim, and NUL none in a database.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
Text60 = Annotated[str, Field(max_length=60, pattern=PLAIN)]
Text100 = Annotated[str, Field(max_length=100, pattern=PLAIN)]
ShortCode = Annotated[str, Field(max_length=10, pattern=PLAIN)]
ExternalId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="What the source calls it; unique within the source.",
    ),
]
Source = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
        description="The system that sends it, for example main-ehr.",
    ),
]

AN_ADDRESS: dict[str, Any] = {
    "line1": "12 Alder Street",
    "line2": None,
    "city": "Boston",
    "state": "MA",
    "zip": "02118",
}
A_PERSON: dict[str, Any] = {
    "last_name": "Quillfeather",
    "first_name": "Ada",
    "middle_name": None,
    "birth_on": "1980-02-14",
    "deceased_on": None,
    "sex": "F",
    "address": AN_ADDRESS,
}


class AddressBody(BaseModel):
    """A postal address; what is wrong with it is a finding, not a refusal."""

    model_config = CLOSED

    line1: Text100 | None = None
    line2: Text100 | None = None
    city: Text60 | None = None
    state: ShortCode | None = None
    zip: ShortCode | None = None

    def value(self) -> Address:
        return Address(**self.model_dump())


class PersonBody(BaseModel):
    """A person's demographics; whatever is missing is a finding of the encounter."""

    model_config = CLOSED

    last_name: Text60 | None = None
    first_name: Text60 | None = None
    middle_name: Text60 | None = None
    birth_on: Day | None = None
    deceased_on: Day | None = None
    sex: ShortCode | None = None
    address: AddressBody | None = None

    def value(self) -> Person:
        return Person(
            last_name=self.last_name,
            first_name=self.first_name,
            middle_name=self.middle_name,
            birth_on=self.birth_on,
            deceased_on=self.deceased_on,
            sex=self.sex,
            address=self.address.value() if self.address else None,
        )


class PractitionerBody(BaseModel):
    """A rendering or referring provider."""

    model_config = CLOSED

    npi: Text60 | None = None
    last_name: Text60 | None = None
    first_name: Text60 | None = None
    taxonomy_code: Text60 | None = None

    def value(self) -> Practitioner:
        return Practitioner(**self.model_dump())


class FacilityBody(BaseModel):
    """Where the service was given, when that is not the billing address."""

    model_config = CLOSED

    npi: Text60 | None = None
    name: Text60 | None = None
    address: AddressBody | None = None

    def value(self) -> Facility:
        address = self.address.value() if self.address else None
        return Facility(npi=self.npi, name=self.name, address=address)


def address_body(address: Address | None) -> AddressBody | None:
    if address is None:
        return None
    return AddressBody(
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        state=address.state,
        zip=address.zip,
    )


def person_body(person: Person) -> PersonBody:
    return PersonBody(
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        birth_on=person.birth_on,
        deceased_on=person.deceased_on,
        sex=person.sex,
        address=address_body(person.address),
    )
