"""SNIP 4: what the guides ask for or forbid in a situation, each rule kept once and broken once."""

from pathlib import Path

import pytest

from cleanclaim.x12 import Checks, Claim837P, Limits, acknowledge, build_837p, parse, read
from cleanclaim.x12.checking import rules
from cleanclaim.x12.reporting import Rule

from .builders import a_claim, an_envelope

SAMPLES = Path(__file__).parent.parent / "samples"
ON = Checks(situations=True)


def sample(name, *changes):
    text = (SAMPLES / f"{name}.edi").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def situations(payload):
    """Rule, loop, segment and element of what is found of SNIP 4."""
    return [
        (found.rule, found.loop.rpartition("/")[2], found.segment_id, found.element)
        for found in parse(payload, checks=ON).findings
        if found.snip == 4
    ]


CLAIM, SECONDARY, STAY, PAID = (
    "clean_professional_claim",
    "secondary_claim",
    "inpatient_claim",
    "reversal_and_correction_with_plb",
)
BROKEN = {
    "subscriber and patient in one": (
        "institutional_claim_of_a_child",
        [("SBR*P**", "SBR*P*18*")],
        [("patient-level-not-used", "2000C", "HL", 0)],
    ),
    "claim under a subscriber who is not the patient": (
        CLAIM,
        [("SBR*P*18*", "SBR*P**")],
        [("subscriber-is-patient", "2000B", "SBR", 2)],
    ),
    "patient without an address": (
        CLAIM,
        [("N3*4 ELM STREET~\nN4*MIAMI*FL*331320001~\nDMG", "DMG")],
        [("subscriber-facts-missing", "2010BA", "NM1", 0)],
    ),
    "person without a member number": (
        CLAIM,
        [("*IRIS****MI*M100200300", "*IRIS")],
        [("member-number-missing", "2010BA", "NM1", 9)],
    ),
    "replacement without the earlier number": (
        CLAIM,
        [(":B:1*", ":B:7*")],
        [("original-reference-missing", "2300", "CLM", 0)],
    ),
    "void without the earlier number": (
        CLAIM,
        [(":B:1*", ":B:8*")],
        [("original-reference-missing", "2300", "CLM", 0)],
    ),
    "original with an earlier number": (
        "replacement_claim",
        [(":B:7*", ":B:1*")],
        [("original-reference-not-used", "2300", "REF", 0)],
    ),
    "attachment sent apart without a number": (
        CLAIM,
        [("REF*D9*", "PWK*OZ*FX~\nREF*D9*")],
        [("attachment-number-missing", "2300", "PWK", 6)],
    ),
    "accident without day or state": (
        CLAIM,
        [("*Y*A*Y*Y~", "*Y*A*Y*Y**AA~")],
        [
            ("accident-day-missing", "2300", "CLM", 0),
            ("accident-state-missing", "2300", "CLM", 11),
        ],
    ),
    "pointer at no diagnosis": (
        CLAIM,
        [("**1:2~", "**1:3~")],
        [("diagnosis-pointer", "2400", "SV1", 7)],
    ),
    "ambulance without its transport": (
        CLAIM,
        [("*11:B:1*", "*41:B:1*")],
        [("ambulance-facts-missing", "2300", "CLM", 0)],
    ),
    "line with the place of the claim": (
        CLAIM,
        [("UN*1***1~", "UN*1*11**1~")],
        [("line-place-not-used", "2400", "SV1", 5)],
    ),
    "renderer who bills": (
        CLAIM,
        [("OLGA****XX*1234567893", "OLGA****XX*1770438210")],
        [("provider-not-used", "2310B", "NM1", 0)],
    ),
    "line's renderer who is the claim's": (
        CLAIM,
        [("REF*6R*L1~\n", "REF*6R*L1~\nNM1*82*1*LINDQVIST*OLGA****XX*1234567893~\n")],
        [("provider-not-used", "2420A", "NM1", 0)],
    ),
    "facility at the billing provider's address": (
        CLAIM,
        [
            (
                "LX*1~",
                (
                    "NM1*77*2*HARBOR ROOMS*****XX*1234567893~\nN3*12 HARBOR ROAD~\n"
                    "N4*MIAMI*FL*331320001~\nLX*1~"
                ),
            )
        ],
        [("address-not-used", "2310C", "N3", 0)],
    ),
    "payment to the billing provider's address": (
        CLAIM,
        [("HL*2*1", "NM1*87*2~\nN3*12 HARBOR ROAD~\nN4*MIAMI*FL*331320001~\nHL*2*1")],
        [("address-not-used", "2010AB", "N3", 0)],
    ),
    "two first payers": (
        SECONDARY,
        [("SBR*S*", "SBR*P*")],
        [("payer-sequence-twice", "2320", "SBR", 1)],
    ),
    "Medicare second for no reason": (
        CLAIM,
        [("SBR*P*18*GRP100******CI", "SBR*S*18*GRP100******MB")],
        [("medicare-secondary-reason", "2000B", "SBR", 5)],
    ),
    "the other payer's payment left out": (
        SECONDARY,
        [("AMT*D*", "AMT*EAF*")],
        [("other-payer-paid-missing", "2320", "SBR", 0)],
    ),
    "the other payer's line of nobody": (
        SECONDARY,
        [("SVD*", "SVD*9")],
        [
            ("other-payer-day-missing", "2320", "SBR", 0),
            ("line-payer-unknown", "2430", "SVD", 1),
        ],
    ),
    "not covered, and not the whole charge": (
        SECONDARY,
        [("AMT*D*", "AMT*A8*")],
        [("non-covered-total", "2320", "AMT", 2)],
    ),
    "stay without admission": (
        STAY,
        [("DTP*435*", "DTP*050*")],
        [("admission-missing", "2300", "CLM", 0)],
    ),
    "stay without the hour of discharge": (
        STAY,
        [("DTP*096*", "DTP*050*")],
        [("discharge-hour-missing", "2300", "CLM", 0)],
    ),
    "stay without an admitting diagnosis": (
        STAY,
        [("HI*ABJ:", "HI*APR:")],
        [("admitting-diagnosis-missing", "2300", "CLM", 0)],
    ),
    "bill without an attending": (
        STAY,
        [("NM1*71*", "NM1*72*")],
        [("attending-missing", "2300", "CLM", 0)],
    ),
    "other procedures without a principal one": (
        STAY,
        [("HI*BBR:", "HI*BBQ:")],
        [("principal-procedure-missing", "2300", "CLM", 0)],
    ),
    "outpatient lines of several days without theirs": (
        "outpatient_claim",
        [
            ("DTP*434*RD8*20260105-20260105", "DTP*434*RD8*20260105-20260106"),
            ("DTP*472*D8*20260105~\n", ""),
        ],
        [("line-day-missing", "2400", "SV2", 0)],
    ),
    "bank payment without an account": (
        PAID,
        [("*01*021000021*DA*9876543210", "*01*021000021*DA*")],
        [("bank-facts-missing", "", "BPR", 15)],
    ),
    "reversal of a positive charge": (
        PAID,
        [("CLP*PCN1*22*-100*-50", "CLP*PCN1*22*100*50")],
        [
            ("reversal-sign", "2100", "CLP", 3),
            ("reversal-sign", "2100", "CLP", 4),
        ],
    ),
    "negative charge that is no reversal": (
        PAID,
        [("CLP*PCN1*22*", "CLP*PCN1*2*")],
        [("charge-sign", "2100", "CLP", 3), ("patient-share", "2100", "CLP", 5)],
    ),
    "patient's share that no adjustment explains": (
        "clean_remittance",
        [("*100*50*30*12*", "*100*50*20*12*")],
        [("patient-share", "2100", "CLP", 5)],
    ),
    "forwarded to nobody": (
        PAID,
        [("CLP*PCN1*1*", "CLP*PCN1*19*")],
        [("crossover-carrier-missing", "2100", "CLP", 0)],
    ),
    "line of no day": (
        PAID,
        [("DTM*472*20260105~\n", "")],
        [("service-day-missing", "2110", "SVC", 0)],
    ),
    "period with one end": (
        PAID,
        [("DTM*472*", "DTM*150*")],
        [("service-period-open", "2110", "SVC", 0)],
    ),
    "the same procedure submitted": (
        PAID,
        [("SVC*HC:99213*100*80**1~", "SVC*HC:99213*100*80**1*HC:99213~")],
        [("submitted-procedure-not-used", "2110", "SVC", 6)],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_situation_that_is_not_answered_is_told_where_it_stands(name, changes, expected):
    assert situations(sample(name)) == []
    payload = sample(name, *changes)
    assert situations(payload) == expected
    assert not [found for found in parse(payload).findings if found.snip > 3]


@pytest.mark.parametrize(("name", "changes", "expected"), BROKEN.values(), ids=BROKEN)
def test_the_careful_way_tells_the_same(name, changes, expected):
    payload = sample(name, *changes)
    careful = parse(payload, checks=ON, limits=Limits(elements=39))
    assert careful.findings == parse(payload, checks=ON).findings


def test_every_rule_has_a_broken_example():
    named = {rule.name for rule in vars(rules).values() if isinstance(rule, Rule)}
    assert named == {told[0] for _, _, expected in BROKEN.values() for told in expected}


def test_a_fault_above_claims_is_told_once_and_given_with_each():
    payload = build_837p([a_claim("A"), a_claim("B")], envelope=an_envelope(), reference="B1")
    payload = payload.replace(b"SBR*P*18*", b"SBR*P**")
    document = parse(payload, checks=ON)
    assert len(document.claims) == 2
    assert [found.rule for found in document.findings] == ["subscriber-is-patient"]
    assert all(document.findings == claim.findings for claim in document.claims)


def test_a_claim_tells_its_own_and_spares_its_neighbour():
    first, second = (
        item
        for item in read(sample(CLAIM, (":B:1*", ":B:7*")), checks=ON)
        if isinstance(item, Claim837P)
    )
    assert [found.rule for found in first.findings] == ["original-reference-missing"]
    assert second.findings == []


def test_a_999_names_the_segment_that_the_situation_asks_for():
    answer = acknowledge(
        parse(sample(CLAIM, (":B:1*", ":B:7*")), checks=ON),
        envelope=an_envelope(),
        snip=frozenset({1, 2, 4}),
    ).decode()
    assert "IK3*CLM*" in answer
    assert "**I6~" in answer.replace("*2300*", "**")
    assert "IK5*R*" in answer
