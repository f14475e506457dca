"""What follows a name, read into its party, in any set."""

from __future__ import annotations

from cleanclaim.x12.parties import Address, Party
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.reporting import Place
from cleanclaim.x12.rules import BAD_DAY
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets.reading import SetReading


def street(party: Party, segment: Segment) -> None:
    """N3."""
    party.address = party.address or Address()
    party.address.line_1, party.address.line_2 = segment.element(1), segment.element(2)


def city(party: Party, segment: Segment) -> None:
    """N4."""
    address = party.address = party.address or Address()
    address.city, address.state = segment.element(1), segment.element(2)
    address.postal_code, address.country = segment.element(3), segment.element(4)
    address.subdivision = segment.element(7)


def demographics(reading: SetReading, party: Party, segment: Segment) -> None:
    """DMG: day of birth, which must exist, and sex."""
    text = segment.element(2)
    party.birth_on = day_of(text)
    party.sex = segment.element(3)
    if text and party.birth_on is None:
        place = Place(2, data_element="1251", value=text)
        message = "DMG02 must be a day that exists, as CCYYMMDD"
        reading.walker.report(BAD_DAY, message, segment, place)
