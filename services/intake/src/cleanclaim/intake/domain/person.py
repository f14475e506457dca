"""Who a patient, a subscriber or a provider is; nothing here shows itself when printed."""

import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Address:
    """Where mail goes; as given, so that a rule can say what is wrong with it."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """A patient or subscriber as registered; what is missing is None, never made up."""

    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    birth_on: date | None = None
    deceased_on: date | None = None
    sex: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """A rendering or referring provider of one encounter."""

    npi: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    taxonomy_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where the service was given, when that is not the billing address."""

    npi: str | None = None
    name: str | None = None
    address: Address | None = None


def likeness(person: Person) -> str | None:
    """What two records of one person share: last name without accents and case, and birth date.

    None where either is missing, since nothing could be said then.
    """
    if not person.last_name or person.birth_on is None:
        return None
    plain = unicodedata.normalize("NFKD", person.last_name).casefold()
    letters = "".join(character for character in plain if character.isalnum())
    return f"{letters}|{person.birth_on.isoformat()}" if letters else None
