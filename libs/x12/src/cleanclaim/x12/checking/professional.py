"""SNIP 4 of the 837P alone: Medicare as second payer, ambulances, places, renderers."""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.x12.checking import rules
from cleanclaim.x12.checking.claims import same_facility
from cleanclaim.x12.checking.scene import Complaint, Scene, Seen, blocks, every, first
from cleanclaim.x12.reporting import Place

MEDICARE = {"MA", "MB"}  # SBR09
AMBULANCES = {"41", "42"}  # place of service: land, air or water
RENDERING = "82"


def judge_professional(scene: Scene) -> Iterator[Complaint]:
    claim = first(scene.inside, "2300", "CLM")
    if claim is None:
        return
    yield from _medicare(scene)
    yield from same_facility(scene)
    yield from _renderers(scene)
    lines = every(scene.inside, "2400", "SV1")
    for line in lines:
        if line.text(5) and line.text(5) == claim.part(5, 1):
            message = "SV105 is the place of the claim: send it only where the line's is another"
            yield Complaint(rules.LINE_PLACE, message, line, Place(5, data_element="1331"))
    places = {line.text(5) or claim.part(5, 1) for line in lines}
    if places & AMBULANCES:
        yield from _ambulance(claim, scene)


def _medicare(scene: Scene) -> Iterator[Complaint]:
    payer = first(scene.above, "2000B", "SBR")
    if payer is None or payer.text(9) not in MEDICARE:
        return
    if payer.text(1) not in {"P", "U"} and not payer.text(5):
        message = "Medicare is not the first payer: SBR05 must say why"
        yield Complaint(rules.MEDICARE_SECONDARY, message, payer, Place(5, data_element="1336"))


def _ambulance(claim: Seen, scene: Scene) -> Iterator[Complaint]:
    missing = []
    if first(scene.inside, "2", "CR1") is None:
        missing.append("CR1")
    names = [name.text(1) for name in every(scene.inside, "2", "NM1")]
    missing += [f"NM1*{entity}" for entity in ("PW", "45") if entity not in names]
    if missing:
        told = ", ".join(missing)
        message = f"an ambulance claim tells of the transport: {told} must be sent"
        yield Complaint(rules.AMBULANCE, message, claim)


def _renderers(scene: Scene) -> Iterator[Complaint]:
    """A renderer is named only where he is another than the one named above him."""
    billing = first(scene.above, "2010AA", "NM1")
    of_claim = first(scene.inside, "2310", "NM1", RENDERING)
    if of_claim is not None and billing is not None and _npi(of_claim) == _npi(billing) != "":
        message = "the rendering provider is the billing provider: leave loop 2310B out"
        yield Complaint(rules.SAME_PROVIDER, message, of_claim)
    above = of_claim or billing
    for line in blocks(scene.inside, ("2400", "LX"), ("24",)):
        own = first(line, "2420", "NM1", RENDERING)
        if own is not None and above is not None and _npi(own) == _npi(above) != "":
            message = "the rendering provider of the line is that of the claim: leave 2420A out"
            yield Complaint(rules.SAME_PROVIDER, message, own)


def _npi(name: Seen) -> str:
    return name.text(9) if name.text(8) == "XX" else ""
