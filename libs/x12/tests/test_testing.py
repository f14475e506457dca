"""The judge must be able to say no, or its yes is worth nothing."""

from pathlib import Path

import pytest

from cleanclaim.x12.testing import judged_by_pyx12

SAMPLES = Path(__file__).parent.parent / "samples"
CLAIM = (SAMPLES / "clean_professional_claim.edi").read_bytes()
PAYMENT = (SAMPLES / "clean_remittance.edi").read_bytes()
ANSWER = (SAMPLES / "acknowledged_999_accepted.edi").read_bytes()
CLAIM_ANSWER = (SAMPLES / "claim_acknowledgement_mixed.edi").read_bytes()

SPOILED = {
    "a claim without a diagnosis": CLAIM.replace(b"HI*ABK:J0190~\n", b""),
    "a wrong segment count": CLAIM.replace(b"SE*", b"SE*9"),
    "an unknown guide": CLAIM.replace(b"005010X222A1", b"005010X999A9"),
    "a claim status of no code": PAYMENT.replace(b"CLP*PCN1*1*", b"CLP*PCN1*Q*"),
    "a payment without a trace": PAYMENT.replace(b"TRN*1*EFT0001*1512345678~\n", b""),
    "an answer of no status": ANSWER.replace(b"IK5*A", b"IK5*Q"),
    "a claim answer without a status": CLAIM_ANSWER.replace(b"STC*A2:20:PR", b"STC*A2"),
    "a letter above ASCII": CLAIM.replace(b"OKAFOR", "OKAFÖR".encode()),
}


@pytest.mark.parametrize("payload", SPOILED.values(), ids=SPOILED)
def test_pyx12_complains_of_a_spoiled_file(payload):
    assert judged_by_pyx12(payload) != []
