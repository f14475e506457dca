"""Reading of the party loops of an 837: whose name it is, and what follows the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cleanclaim.x12.parties import Address, Party
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.reporting import Place
from cleanclaim.x12.rules import BAD_DAY

if TYPE_CHECKING:
    from cleanclaim.x12.segments import Segment
    from cleanclaim.x12.sets.reading import Reads
    from cleanclaim.x12.sets.x837 import Reading837

Seat = Callable[["Reading837[Any]", Party], None]


def _submitter(reading: Reading837[Any], party: Party) -> None:
    reading.submitter = party


def _receiver(reading: Reading837[Any], party: Party) -> None:
    reading.receiver = party


def _billing_provider(reading: Reading837[Any], party: Party) -> None:
    party.taxonomy = reading.billing_provider.taxonomy  # its PRV stands before it
    reading.billing_provider = party


def _pay_to_address(reading: Reading837[Any], party: Party) -> None:
    reading.pay_to_address = party


def _pay_to_plan(reading: Reading837[Any], party: Party) -> None:
    reading.pay_to_plan = party


def _subscriber(reading: Reading837[Any], party: Party) -> None:
    reading.subscriber.party = party


def _payer(reading: Reading837[Any], party: Party) -> None:
    reading.payer = party


def _patient(reading: Reading837[Any], party: Party) -> None:
    if reading.patient is not None:
        reading.patient.party = party


def _claim_provider(reading: Reading837[Any], party: Party) -> None:
    reading.claim.providers.append(party)


def _other_subscriber(reading: Reading837[Any], party: Party) -> None:
    if reading.other is not None:
        reading.other.subscriber = party


def _other_payer(reading: Reading837[Any], party: Party) -> None:
    if reading.other is not None:
        reading.other.payer = party


def _other_provider(reading: Reading837[Any], party: Party) -> None:
    if reading.other is not None:
        reading.other.providers.append(party)


def _line_provider(reading: Reading837[Any], party: Party) -> None:
    if reading.line is not None:
        reading.line.providers.append(party)


SEATS: dict[str, Seat] = {
    "1000A": _submitter,
    "1000B": _receiver,
    "2010AA": _billing_provider,
    "2010AB": _pay_to_address,
    "2010AC": _pay_to_plan,
    "2010BA": _subscriber,
    "2010BB": _payer,
    "2010CA": _patient,
    **dict.fromkeys([f"2310{letter}" for letter in "ABCDEF"], _claim_provider),
    "2330A": _other_subscriber,
    "2330B": _other_payer,
    **dict.fromkeys([f"2330{letter}" for letter in "CDEFGHI"], _other_provider),
    **dict.fromkeys([f"2420{letter}" for letter in "ABCDEFGH"], _line_provider),
}


def _name(seat: Seat) -> Reads:
    def read(reading: Reading837[Any], segment: Segment) -> None:
        reading.last_party = reading.party(segment)
        seat(reading, reading.last_party)

    return read


def _street(reading: Reading837[Any], segment: Segment) -> None:
    party, elements = reading.last_party, segment.elements
    address = party.address
    if address is None:
        address = party.address = Address()
    address.line_1 = elements[1] if len(elements) > 1 else ""
    address.line_2 = elements[2] if len(elements) > 2 else ""


def _city(reading: Reading837[Any], segment: Segment) -> None:
    read_city(reading.last_party, segment)


def read_city(party: Party, segment: Segment) -> None:
    """An N4 into the party's address."""
    address = party.address
    if address is None:
        address = party.address = Address()
    elements = segment.elements
    if len(elements) == 4:
        _, address.city, address.state, address.postal_code = elements
        return
    address.city, address.state = segment.element(1), segment.element(2)
    address.postal_code, address.country = segment.element(3), segment.element(4)
    address.subdivision = segment.element(7)


def _reference(reading: Reading837[Any], segment: Segment) -> None:
    reading.last_party.references.append(reading.reference(segment))


def _contact(reading: Reading837[Any], segment: Segment) -> None:
    reading.last_party.contacts.append(reading.contact(segment))


def _specialty(reading: Reading837[Any], segment: Segment) -> None:
    reading.last_party.taxonomy = segment.element(3)


def _demographics(reading: Reading837[Any], segment: Segment) -> None:
    text = segment.element(2)
    reading.last_party.birth_on = day_of(text)
    reading.last_party.sex = segment.element(3)
    if text and reading.last_party.birth_on is None:
        place = Place(2, data_element="1251", value=text)
        message = "DMG02 must be a day that exists, as CCYYMMDD"
        reading.walker.report(BAD_DAY, message, segment, place)


def _other_payer_date(reading: Reading837[Any], segment: Segment) -> None:
    if reading.other is not None:
        reading.other.dates.append(reading.date_fact(segment))


READS: dict[tuple[str, str], Reads] = {
    key: read
    for loop, seat in SEATS.items()
    for key, read in {
        (loop, "NM1"): _name(seat),
        (loop, "N3"): _street,
        (loop, "N4"): _city,
        (loop, "REF"): _reference,
        (loop, "PER"): _contact,
        (loop, "PRV"): _specialty,
        (loop, "DMG"): _demographics,
    }.items()
}
READS["2330B", "DTP"] = _other_payer_date
