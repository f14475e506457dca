"""The checks of SNIP 4 and 5, off unless asked for; the code lists are the caller's."""

from __future__ import annotations

from collections.abc import Container, Mapping

import msgspec

from cleanclaim.x12.findings import Severity

# Kind of code list -> whose list it is. The lists are not here: some are licensed, all change.
CODE_KINDS = {
    "admission-source": "NUBC, point of origin (CL102)",
    "admission-type": "NUBC, priority of visit (CL101)",
    "bill-type": "NUBC, type of bill, first two digits (CLM05-1 with qualifier A)",
    "carc": "claim adjustment reason codes (X12 external code source 139)",
    "cdt": "dental procedure codes (ADA, source 135)",
    "claim-status": "health care claim status codes (source 508)",
    "claim-status-category": "health care claim status category codes (source 507)",
    "condition": "NUBC condition codes (source 132)",
    "country": "ISO 3166 alpha-2 (source 5)",
    "currency": "ISO 4217 (source 5)",
    "drg": "diagnosis related groups (CMS, source 229)",
    "hcpcs": "HCPCS levels I and II (AMA and CMS, source 130)",
    "hipps": "HIPPS rate codes (CMS, source 716)",
    "icd10cm": "ICD-10-CM without dots (NCHS and CMS, source 897)",
    "icd10pcs": "ICD-10-PCS (CMS, source 896)",
    "icd9cm": "ICD-9-CM without dots (NCHS and CMS, source 131)",
    "modifier": "HCPCS modifiers (AMA and CMS, source 130)",
    "ncpdp-reject": "NCPDP reject and payment codes (source 530)",
    "ndc": "National Drug Codes, eleven digits (FDA, source 240)",
    "occurrence": "NUBC occurrence codes (source 132)",
    "occurrence-span": "NUBC occurrence span codes (source 132)",
    "patient-status": "NUBC patient discharge status (source 239)",
    "place-of-service": "place of service codes (CMS, source 237)",
    "rarc": "remittance advice remark codes (CMS, source 411)",
    "revenue": "NUBC revenue codes, four digits (source 132)",
    "state": "states and provinces (source 22)",
    "taxonomy": "provider taxonomy (NUCC, source 682)",
    "tooth": "tooth numbers (ADA, source 135)",
    "treatment": "treatment codes (HIPAA 837I, source 359)",
    "value": "NUBC value codes (source 132)",
}


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """Which checks are made beyond SNIP 1 to 3. Nothing is, and nothing costs, by default.

    `situations` (SNIP 4): what the guides ask for or forbid in a situation that the file itself
    shows. `codes` (SNIP 5): by kind, one of `CODE_KINDS`, anything that answers `code in codes`
    (a set, a dict, an object of yours that knows dates); kinds that are not there are not checked.
    Codes are looked up as they were sent. `code_severity`: lists age faster than programs, so an
    unknown code is a warning; "error" makes a 999 with SNIP 5 reject it.
    Raises `ValueError` for a kind that is none.
    """

    situations: bool = False
    codes: Mapping[str, Container[str]] = {}
    code_severity: Severity = "warning"

    def __post_init__(self) -> None:
        unknown = sorted(set(self.codes) - set(CODE_KINDS))
        if unknown:
            known = ", ".join(CODE_KINDS)
            message = f"{', '.join(unknown)} is no kind of code list: choose from {known}"
            raise ValueError(message)

    @property
    def is_off(self) -> bool:
        return not (self.situations or self.codes)
