"""What stands in loop 2110 as segments: a question of a 270, a benefit of a 271."""

from __future__ import annotations

import msgspec

from cleanclaim.x12.eligibility import Benefit, BenefitEntity, EligibilityQuestion
from cleanclaim.x12.writer import Element, Repeated, Written
from cleanclaim.x12.writing import facts


class WrittenBenefit(msgspec.Struct):
    """The segments of a benefit: EB to MSG, III, and each 2120."""

    head: list[Written]
    additional: list[Written]
    entities: list[list[Written]]


def question(fact: EligibilityQuestion) -> list[Written]:
    """EQ and what follows."""
    pointers = tuple(str(pointer) for pointer in fact.diagnosis_pointers)
    procedure = facts.procedure(fact.procedure)
    types: Element = Repeated(fact.service_types)
    written: list[Written] = [["EQ", types, procedure, fact.coverage_level, "", pointers]]
    written += map(facts.amount, fact.amounts)
    if fact.place_of_service:
        written.append(["III", "ZZ", fact.place_of_service])
    written += map(facts.reference, fact.references)
    written += map(facts.period, fact.dates)
    return written


def benefit(fact: Benefit) -> WrittenBenefit:
    """EB and what follows."""
    written: list[Written] = [_benefit(fact)]
    written += (["HSD", *delivery.elements] for delivery in fact.deliveries)
    written += map(facts.reference, fact.references)
    written += map(facts.period, fact.dates)
    for refused in fact.rejections:
        valid = "Y" if refused.is_valid else "N"
        written.append(["AAA", valid, "", refused.reason, refused.follow_up])
    written += (["MSG", text] for text in fact.messages)
    additional: list[Written] = [list(kept.elements) for kept in fact.additional]
    return WrittenBenefit(written, additional, [_entity(entity) for entity in fact.entities])


def _benefit(fact: Benefit) -> Written:
    return [
        "EB",
        fact.information,
        fact.coverage_level,
        Repeated(fact.service_types),
        fact.insurance_type,
        fact.plan,
        fact.period,
        facts.cents(fact.amount_cents),
        facts.number(fact.rate),
        fact.quantity_qualifier,
        facts.number(fact.quantity),
        fact.authorization,
        fact.in_network,
        facts.procedure(fact.procedure),
        tuple(str(pointer) for pointer in fact.diagnosis_pointers),
    ]


def _entity(fact: BenefitEntity) -> list[Written]:
    written = [[*facts.name(fact.party), fact.relationship]]
    written += facts.after_name(fact.party, specialty="")
    if fact.specialty is not None:
        role = fact.specialty
        written.append(["PRV", role.role, role.qualifier, role.identifier])
    return written
