"""The shape of a procedure code: which system it can belong to, without knowing the system's list.

CPT is licensed by the AMA: this project knows only that its codes are five characters and how they
end. A site that has the licence loads its own list (see `licensed`).
"""

import re
from enum import StrEnum


class ProcedureShape(StrEnum):
    CPT_CATEGORY_1 = "cpt_category_1"
    CPT_CATEGORY_2 = "cpt_category_2"
    CPT_CATEGORY_3 = "cpt_category_3"
    # Proprietary laboratory analyses, multianalyte assays, and administration codes.
    CPT_LABORATORY = "cpt_laboratory"
    CPT_MULTIANALYTE = "cpt_multianalyte"
    CPT_ADMINISTRATION = "cpt_administration"
    HCPCS_LEVEL_2 = "hcpcs_level_2"
    # D codes are the ADA's, sent on dental claims.
    DENTAL = "dental"
    UNREADABLE = "unreadable"

    @property
    def is_cpt(self) -> bool:
        return self.value.startswith("cpt_")


_SHAPES = (
    (re.compile(r"[0-9]{5}"), ProcedureShape.CPT_CATEGORY_1),
    (re.compile(r"[0-9]{4}F"), ProcedureShape.CPT_CATEGORY_2),
    (re.compile(r"[0-9]{4}T"), ProcedureShape.CPT_CATEGORY_3),
    (re.compile(r"[0-9]{4}U"), ProcedureShape.CPT_LABORATORY),
    (re.compile(r"[0-9]{4}M"), ProcedureShape.CPT_MULTIANALYTE),
    (re.compile(r"[0-9]{4}A"), ProcedureShape.CPT_ADMINISTRATION),
    (re.compile(r"D[0-9]{4}"), ProcedureShape.DENTAL),
    # CMS has assigned the letters A to V without D, F, I, N and O.
    (re.compile(r"[A-CEGHJ-MP-V][0-9]{4}"), ProcedureShape.HCPCS_LEVEL_2),
)
_MODIFIER = re.compile(r"[0-9A-Z]{2}")


def shape_of(code: str) -> ProcedureShape:
    """The system a code can belong to by its shape alone; upper case, nothing is repaired."""
    for pattern, shape in _SHAPES:
        if pattern.fullmatch(code):
            return shape
    return ProcedureShape.UNREADABLE


def is_modifier_shape(text: str) -> bool:
    """Two upper-case letters or digits."""
    return _MODIFIER.fullmatch(text) is not None
