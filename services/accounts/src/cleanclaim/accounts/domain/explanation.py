"""Explanation: why a cent is owed, in words, with the code behind it."""

from types import MappingProxyType

from cleanclaim.codes.denials import denial_codes

_WORDS = MappingProxyType(
    {
        "charge": "charge for the service",
        "charge_taken_back": "charge of an earlier version, taken back",
        "payment": "paid by the payer",
        "contractual": "allowance under the payer's contract",
        "patient_share": "share that the plan leaves to the patient",
        "next_payer": "passed to the next payer",
        "withheld": "held back by the payer",
        "capitated": "covered by a capitation payment",
        "unapplied": "money whose claim is not found yet",
        "deposit": "money in the bank",
        "deposit_match": "money in the bank, matched to its remittance",
        "provider_adjustment": "moved by the payer outside any claim",
        "variance_write_off": "difference written off",
        "write_off": "denied amount written off",
        "billed_to_patient": "refused by the payer and billed to the patient",
        "billed_to_other": "billed to another payer",
        "coverage_found": "coverage found later",
        "take_back": "taken back by the payer",
        "patient_payment": "paid by the patient",
        "returned": "payment returned by the bank",
        "given_up": "balance given up",
        "refund": "refunded",
    }
)
_FROM_THE_PAYER = frozenset({"contractual", "patient_share", "next_payer", "withheld", "capitated"})


def in_words(why: str, reason: str | None) -> str:
    """Why a cent moved, with the payer's reason (CARC, our own words) where there is one."""
    words = _WORDS.get(why, why.replace("_", " "))
    if reason is None or why not in _FROM_THE_PAYER:
        return words
    return f"{words}: {denial_codes().carc(reason).meaning}"
