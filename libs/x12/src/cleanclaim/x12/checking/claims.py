"""SNIP 4 of any 837: who the patient is, earlier claims, accidents, parties, other payers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cleanclaim.x12.checking import rules
from cleanclaim.x12.checking.scene import Complaint, Scene, Seen, blocks, every, first
from cleanclaim.x12.reporting import Place

SELF = "18"
REPLACEMENTS = {"7", "8"}  # CLM05-3: replaces, voids
ACCIDENTS = {"AA", "OA"}  # CLM11: auto, other
SENT_APART = {"BM", "EL", "EM", "FT", "FX"}  # PWK02: the attachment follows by another way
NO_DIAGNOSES = {"", "BG", "BO", "BP"}  # HI: conditions and procedures
ANY_ORDER = "U"  # SBR01: unknown, may stand more than once


def judge_levels(scene: Scene) -> Iterator[Complaint]:
    """Loops 2000A to 2000C: told once for all claims below them."""
    above = scene.above
    yield from _same_address(above, first(above, "2010AB", "N3"), above)
    subscriber, patient = first(above, "2000B", "SBR"), first(above, "2000C", "HL")
    if subscriber is None:
        return
    is_self = subscriber.text(2) == SELF
    if is_self and patient is not None:
        message = "SBR02 says that the subscriber is the patient: leave loop 2000C out"
        yield Complaint(rules.PATIENT_TWICE, message, patient)
    name = first(above, "2010BA", "NM1")
    if name is not None and name.text(2) == "1" and not name.text(9):
        message = "a person who is the subscriber needs a member number in NM109"
        yield Complaint(rules.MEMBER_NUMBER, message, name, Place(9, data_element="67"))
    if patient is not None:
        return
    if not is_self and scene.inside:
        message = (
            "a claim stands under the subscriber, so he is the patient: send 18,"
            " or put the claim under its patient in loop 2000C"
        )
        yield Complaint(rules.SELF_UNSAID, message, subscriber, Place(2, data_element="1069"))
    if is_self and name is not None and name.text(2) == "1":
        missing = [kind for kind in ("N3", "N4", "DMG") if first(above, "2010BA", kind) is None]
        if missing:
            told = ", ".join(missing)
            message = f"the subscriber is the patient: his {told} must be sent in loop 2010BA"
            yield Complaint(rules.SUBSCRIBER_FACTS, message, name)


def judge_claim(scene: Scene) -> Iterator[Complaint]:
    """Loop 2300 and what is inside it."""
    claim = first(scene.inside, "2300", "CLM")
    if claim is None:
        return
    yield from _earlier_claim(claim, scene)
    yield from _accident(claim, scene)
    for attached in every(scene.inside, "2", "PWK"):
        if attached.text(2) in SENT_APART and not attached.text(6):
            message = "an attachment that is sent apart needs its control number: send PWK05, PWK06"
            yield Complaint(rules.ATTACHMENT, message, attached, Place(6, data_element="67"))
    yield from _pointers(scene)
    yield from _other_payers(claim, scene)


def _earlier_claim(claim: Seen, scene: Scene) -> Iterator[Complaint]:
    frequency = claim.part(5, 3)
    earlier = first(scene.inside, "2300", "REF", "F8")
    if frequency in REPLACEMENTS and earlier is None:
        message = (
            f"CLM05-3 is {frequency}: the payer's number of the claim"
            f" that it {'replaces' if frequency == '7' else 'voids'} must be sent in REF*F8"
        )
        yield Complaint(rules.ORIGINAL_NUMBER, message, claim)
    if frequency == "1" and earlier is not None:
        message = "CLM05-3 is 1, an original claim: leave REF*F8 out, or send 7 or 8"
        yield Complaint(rules.ORIGINAL_UNUSED, message, earlier)


def _accident(claim: Seen, scene: Scene) -> Iterator[Complaint]:
    causes = {claim.part(11, component) for component in (1, 2, 3)}
    if causes & ACCIDENTS and first(scene.inside, "2300", "DTP", "439") is None:
        message = "CLM11 names an accident: its day must be sent in DTP*439"
        yield Complaint(rules.ACCIDENT_DAY, message, claim)
    if "AA" in causes and not (claim.part(11, 4) or claim.part(11, 5)):
        message = "CLM11 names an auto accident: send its state in CLM11-4, or country in CLM11-5"
        place = Place(11, 4, data_element="156")
        yield Complaint(rules.ACCIDENT_STATE, message, claim, place)


def _pointers(scene: Scene) -> Iterator[Complaint]:
    """A line may point only at a diagnosis that the claim has."""
    known = 0
    for codes in every(scene.inside, "2300", "HI"):
        places = range(1, len(codes.segment.elements))
        known += sum(codes.part(place, 1) not in NO_DIAGNOSES for place in places)
    for segment_id, element in (("SV1", 7), ("SV3", 11)):
        for line in every(scene.inside, "2400", segment_id):
            for component, pointer in enumerate(line.segment.components(element), 1):
                if pointer.isascii() and pointer.isdigit() and not 1 <= int(pointer) <= known:
                    message = (
                        f"{segment_id}{element:02d}-{component} points at diagnosis {int(pointer)}"
                        f" but the claim has {known}: mend the pointer or send the diagnosis"
                    )
                    place = Place(element, component, data_element="1328", value=pointer)
                    yield Complaint(rules.POINTER, message, line, place)


def _other_payers(claim: Seen, scene: Scene) -> Iterator[Complaint]:
    others = blocks(scene.inside, ("2320", "SBR"), ("2320", "2330"))
    yield from _sequence(scene, others)
    decided = every(scene.inside, "2430", "SVD")
    known = {_payer_of(other) for other in others}
    for line in decided:
        if line.text(1) not in known:
            message = "SVD01 names no payer of the claim: send the NM109 of a loop 2330B"
            place = Place(1, data_element="67", value=line.text(1))
            yield Complaint(rules.PAYER_UNKNOWN, message, line, place)
    by_line = {line.text(1) for line in decided}
    for other in others:
        yield from _other_payer(claim, other, is_by_line=_payer_of(other) in by_line)


def _payer_of(other: list[Seen]) -> str:
    name = first(other, "2330B", "NM1")
    return name.text(9) if name is not None else ""


def _sequence(scene: Scene, others: list[list[Seen]]) -> Iterator[Complaint]:
    subscriber = first(scene.above, "2000B", "SBR")
    payers = ([subscriber] if subscriber is not None else []) + [other[0] for other in others]
    times: Counter[str] = Counter()
    for payer in payers:
        order = payer.text(1)
        times[order] += 1
        if times[order] == 2 and order not in {ANY_ORDER, ""}:
            message = f"two payers of the claim have {order} in SBR01: number them P, S, T, A ..."
            yield Complaint(rules.PAYER_ORDER, message, payer, Place(1, data_element="1138"))


def _other_payer(claim: Seen, other: list[Seen], *, is_by_line: bool) -> Iterator[Complaint]:
    paid = first(other, "2320", "AMT", "D")
    adjusted = first(other, "2320", "CAS")
    not_covered = first(other, "2320", "AMT", "A8")
    if not_covered is not None:
        if not_covered.cents(2) != claim.cents(2):
            message = "AMT*A8 must be the whole charge, CLM02"
            yield Complaint(rules.NOT_COVERED, message, not_covered, Place(2, data_element="782"))
        elif paid is not None or adjusted is not None:
            message = "AMT*A8 says that the payer was not asked: leave AMT*D and CAS out"
            yield Complaint(rules.NOT_COVERED, message, not_covered, Place(1, data_element="522"))
        return
    if paid is None and (adjusted is not None or is_by_line):
        message = "another payer has decided the claim: what it paid must be sent in AMT*D"
        yield Complaint(rules.PAYER_PAID, message, other[0])
    has_day = is_by_line or first(other, "2330B", "DTP", "573") is not None
    if (paid is not None or adjusted is not None) and not has_day:
        message = (
            "another payer has decided the claim: the day must be sent in DTP*573 of loop 2330B,"
            " or with each line in loop 2430"
        )
        yield Complaint(rules.PAYER_DAY, message, other[0])


def _same_address(above: list[Seen], street: Seen | None, where: list[Seen]) -> Iterator[Complaint]:
    """An address that is said again where the guide wants another one only."""
    if street is None:
        return
    city = first(where, street.loop, "N4")
    billing = (first(above, "2010AA", "N3"), first(above, "2010AA", "N4"))
    if city is None or billing[0] is None or billing[1] is None:
        return
    if _letters(street, city) == _letters(*billing):
        message = (
            f"loop {street.loop} has the address of the billing provider: send it only where it is"
            " another one"
        )
        yield Complaint(rules.SAME_ADDRESS, message, street)


def same_facility(scene: Scene) -> Iterator[Complaint]:
    """Loop 2310C of the professional claim: where the service was, if elsewhere."""
    yield from _same_address(scene.above, first(scene.inside, "2310C", "N3"), scene.inside)


def _letters(street: Seen | None, city: Seen | None) -> list[str]:
    held = [*(street.segment.elements if street else []), *(city.segment.elements if city else [])]
    return [text.upper().strip() for text in held]
