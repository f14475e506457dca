"""State, territory and military postal codes that a United States address may carry."""

from enum import StrEnum
from types import MappingProxyType


class StateKind(StrEnum):
    STATE = "state"
    TERRITORY = "territory"
    # Freely associated with the United States and served by its mail.
    ASSOCIATED = "associated"
    MILITARY = "military"


_STATES = (
    "AL AK AZ AR CA CO CT DC DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
_BY_KIND = {
    StateKind.STATE: _STATES,
    StateKind.TERRITORY: "AS GU MP PR VI",
    StateKind.ASSOCIATED: "FM MH PW",
    StateKind.MILITARY: "AA AE AP",
}

STATES = MappingProxyType(
    {code: kind for kind, codes in _BY_KIND.items() for code in codes.split()}
)


def is_state(code: str) -> bool:
    """Whether mail in the United States goes by this code; upper case, nothing is repaired."""
    return code in STATES
