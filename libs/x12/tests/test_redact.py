"""A redacted file has other people in it and nothing else that is new."""

import io
from pathlib import Path

import pytest

from cleanclaim.x12 import parse, segments
from cleanclaim.x12.command.invention import Inventor, check_digit
from cleanclaim.x12.command.redact import redacted

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.edi"))
CLAIM = SAMPLES[0].parent / "clean_professional_claim.edi"
PERSONAL = [
    b"OKAFOR", b"IRIS", b"M100200300", b"ELM STREET", b"HARBOR", b"331320001", b"19800229",
    b"LINDQVIST", b"1770438210", b"650000001", b"3055550100", b"EDI DESK", b"SUBMITTER01",
    b"1234567890", b"EFT0001", b"ICN-", b"ACME HEALTH", b"60054",
]  # fmt: skip


def made(payload, key=b"a key"):
    return b"".join(redacted([payload], key=key))


def told(payload):
    return [
        (f.rule, f.segment_number, f.byte_offset, f.loop, f.element, f.component, f.severity)
        for f in parse(payload).findings
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_a_redacted_sample_has_the_same_findings_and_length_and_no_person(path):
    payload = path.read_bytes()
    new = made(payload)
    assert told(new) == told(payload)
    assert len(new) == len(payload)
    assert not [value for value in PERSONAL if value in new]


# Where the guides put names, addresses, numbers of people and their accounts, days of birth and
# free text: written down here anew, so that the tables of the command are judged and not trusted.
PLACES = {
    "ISA": (6, 8), "GS": (2, 3), "NM1": (3, 4, 5, 6, 7, 9), "N1": (2, 4), "N2": (1, 2),
    "N3": (1, 2), "N4": (1, 3), "DMG": (2,), "PAT": (6,), "INS": (12,), "PER": (2, 4, 6, 8),
    "REF": (2, 3), "CLM": (1,), "CLP": (1, 7), "TRN": (2, 3, 4), "BHT": (3,), "SBR": (3, 4),
    "NTE": (2,), "MSG": (1,), "K3": (1,), "PWK": (6,), "SVD": (1,), "STC": (12,), "CN1": (4,),
    "BPR": (7, 9, 10, 13, 15), "PLB": (1,), "TS3": (1,), "IK4": (4,),
}  # fmt: skip
# Numbers of the envelopes are kept, so they may stand there though a person has the same number.
ENVELOPE_NUMBERS = {("ISA", 13), ("GS", 6), ("ST", 2), ("SE", 2), ("GE", 2), ("IEA", 2)}
SHORTEST = 3  # a value of two characters meets another by chance


def personal_values(payload):
    for segment in segments(payload):
        for place in PLACES.get(segment.segment_id, ()) if segment.elements else ():
            value = segment.element(place).strip()
            yield from {value, *value.split()}


def all_values(payload):
    for segment in segments(payload):
        for place, element in enumerate(segment.elements):
            if (segment.segment_id, place) not in ENVELOPE_NUMBERS:
                yield from {element.strip(), *element.split(), *segment.components(place)}


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_no_value_that_points_at_a_person_is_left_anywhere(path):
    payload = path.read_bytes()
    personal = {value for value in personal_values(payload) if len(value) >= SHORTEST}
    assert personal
    assert not personal & set(all_values(made(payload)))


def spoiled(old, new):
    return CLAIM.read_bytes().replace(old, new, 1)


SPOILED = {
    "a missing element": spoiled(b"N4*MIAMI", b"N4*"),
    "a name that is too long": spoiled(b"OKAFOR", b"OKAFOR" * 20),
    "a wrong NPI": spoiled(b"1770438210", b"1770438211"),
    "a birth day that is not": spoiled(b"D8*19800229", b"D8*19800230"),
    "a day of service that is not": spoiled(b"D8*20260105", b"D8*20260230"),
    "an unknown segment": spoiled(b"LX*2", b"QQQ*OKAFOR*M100200300~\nLX*2"),
    "a name in the place of an amount": spoiled(b"CLM*PCN1*185", b"CLM*PCN1*OKAFOR"),
    "a name in the place of a code": spoiled(b"SBR*P*", b"SBR*OKAFOR*"),
    "a long control number": CLAIM.read_bytes().replace(b"000000042", b"0000000000042"),
    "a day of another century": spoiled(b"D8*19800229", b"D8*18000101"),
    "a wrong count": spoiled(b"SE*", b"SE*9"),
    "an accent in UTF-8": spoiled(b"OKAFOR", "OKAFÖR".encode()),
    "an accent in Latin-1": spoiled(b"OKAFOR", b"OKAF\xd6R"),
    "a lost terminator": spoiled(b"~\nN3*4 ELM", b"N3*4 ELM"),
    "rubbish behind": CLAIM.read_bytes() + b"sent by IRIS OKAFOR\n",
    "cut short": CLAIM.read_bytes()[:-120],
    "a byte order mark": b"\xef\xbb\xbf" + CLAIM.read_bytes(),
    "newlines as terminators": CLAIM.read_bytes().replace(b"~\n", b"\n"),
}


@pytest.mark.parametrize("payload", SPOILED.values(), ids=SPOILED)
def test_a_fault_is_kept_and_a_person_in_a_wrong_place_is_not(payload):
    new = made(payload)
    assert told(new) == told(payload)
    assert not [value for value in (b"OKAFOR", b"M100200300", b"IRIS") if value in new]


def test_codes_money_and_days_of_service_are_kept():
    old, new = parse(CLAIM.read_bytes()).claims[0], parse(made(CLAIM.read_bytes())).claims[0]
    assert new.charge_cents == old.charge_cents
    assert new.diagnoses == old.diagnoses
    assert [line.procedure for line in new.lines] == [line.procedure for line in old.lines]
    assert [line.dates for line in new.lines] == [line.dates for line in old.lines]
    assert new.subscriber.party.sex == old.subscriber.party.sex
    assert new.subscriber.party.address.state == old.subscriber.party.address.state
    assert new.subscriber.party.birth_on.year == old.subscriber.party.birth_on.year
    assert new.billing_provider.taxonomy == old.billing_provider.taxonomy


def test_the_same_person_stays_one_person_in_a_file_and_over_files():
    first, second = parse(made(CLAIM.read_bytes())).claims
    assert first.subscriber.party.name == second.patient_party.name
    payment = (CLAIM.parent / "clean_remittance.edi").read_bytes()
    paid = parse(made(payment)).remittances[0].claims[0]
    assert paid.patient_control_number == first.patient_control_number
    assert paid.patient.identifier == first.subscriber.party.identifier


def test_another_key_makes_other_people():
    payload = CLAIM.read_bytes()
    assert made(payload, b"one") != made(payload, b"two")


def test_a_person_over_89_is_told_as_89():
    old = parse(made(spoiled(b"19800229", b"19100229"))).claims[0].subscriber.party.birth_on
    assert old is None  # 1910 had no such day
    oldest = parse(made(spoiled(b"19800229", b"19100228"))).claims[0].subscriber.party.birth_on
    assert oldest.year == 2026 - 89


def test_no_two_identifiers_become_one():
    inventor = Inventor(b"a key")
    for texts in ([f"L{n}" for n in range(10)], [f"{n:03d}" for n in range(1000)]):
        new = {inventor.identifier(text) for text in texts}
        assert len(new) == len(texts)
        assert all(text.isdigit() == texts[0].isdigit() for text in new)


def test_a_provider_number_keeps_the_state_of_its_check_digit():
    inventor = Inventor(b"a key")
    for right in ("1770438210", "1234567893"):
        assert check_digit(right[:9]) == int(right[9])
        new = inventor.identifier(right)
        assert new != right
        assert check_digit(new[:9]) == int(new[9])
        wrong = right[:9] + str((int(right[9]) + 1) % 10)
        spoilt = inventor.identifier(wrong)
        assert check_digit(spoilt[:9]) != int(spoilt[9])


def test_a_file_is_redacted_piece_by_piece():
    pieces = list(redacted(io.BytesIO(CLAIM.read_bytes()), key=b"a key"))
    assert max(map(len, pieces)) <= 107
    assert b"".join(pieces) == made(CLAIM.read_bytes())
