"""What the README promises is there, and its examples run."""

import re
from datetime import date, datetime
from pathlib import Path

from cleanclaim import x12

from .builders import a_claim, a_payer, a_remittance, a_submitter

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
TOLD = README + "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_examples_run():
    payload = (ROOT / "samples/clean_professional_claim.edi").read_bytes()
    day = date(2026, 1, 6)
    names = {
        "payload": payload,
        "stream": [payload],
        "datetime": datetime,
        "day": day,
        "claims": [a_claim()],
        "remittances": [a_remittance()],
        "acknowledgements": x12.acknowledgements_for(x12.parse(payload)),
        "claim_acknowledgement": x12.ClaimAcknowledgement277CA(
            reference="CA1",
            source_trace="CA1",
            source=a_payer(),
            receiver=x12.Party(
                entity="41", name="HARBOR", identifier_qualifier="46", identifier="S1"
            ),
            trace="B1",
            received_on=day,
            processed_on=day,
            statuses=[
                x12.ClaimStatus(
                    codes=[x12.StatusCode("A1", "19", "PR")],
                    effective_on=day,
                    action="U",
                    amount_cents=0,
                )
            ],
        ),
        "decisions": [],
        "payer": a_payer(),
        "submitter": a_submitter(),
        "bht03_of_the_837": "B1",
    }
    assert len(BLOCKS) == 3
    for block in BLOCKS:
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102 (our own text)
    assert names["document"].claims


def test_every_public_name_is_told():
    quiet = {"Item", "Segment", "Drug", "Note"}
    for name in set(x12.__all__) - quiet:
        assert name in TOLD, name


def test_every_attribute_listed_for_a_claim_exists():
    for kind in (x12.Claim837P, x12.ClaimPayment835, x12.ServicePayment835, x12.Remittance835):
        start = TOLD.index(f"`{kind.__name__}`: ")
        words = re.findall(r"`\.?(\w+)", TOLD[start : TOLD.index("\n`", start + 5)])
        listed = [word for word in words[1:] if word.islower() and len(word) > 3]
        assert listed
        for word in listed:
            assert hasattr(kind, word) or word in kind.__struct_fields__ or _inner(word), word


def _inner(word):
    """Fields of the small types that the list explains in passing."""
    kinds = (x12.Subscriber, x12.Patient, x12.RestSegment, x12.Diagnosis, x12.RemarkCode)
    small = (*kinds, x12.OutpatientAdjudication, x12.InpatientAdjudication)
    return any(hasattr(kind, word) for kind in small)
