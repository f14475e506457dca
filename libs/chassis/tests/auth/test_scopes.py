"""What a granted scope lets a principal do."""

import pytest

from cleanclaim.chassis.auth import Principal, authorize

ALLOWED = [
    ("system/Encounter.rs", "system/Encounter.r"),
    ("system/Encounter.rs", "system/Encounter.s"),
    ("system/Encounter.cruds", "system/Encounter.cu"),
    ("system/*.rs", "system/Claim.s"),
    ("system/Claim.r system/Claim.u", "system/Claim.ru"),
    ("cleanclaim/remittance.post", "cleanclaim/remittance.post"),
]
REFUSED = [
    ("", "system/Encounter.r"),
    ("system/Encounter.r", "system/Encounter.rs"),
    ("system/Encounter.rs", "system/Encounter.c"),
    ("system/Encounter.rs", "system/Claim.r"),
    ("system/Encounter.sr", "system/Encounter.r"),
    ("system/Encounter.", "system/Encounter.r"),
    ("system/Encounter.*", "system/Encounter.r"),
    ("system/Encounter.read", "system/Encounter.r"),
    ("system/Encounter.rs?status=open", "system/Encounter.r"),
    ("SYSTEM/Encounter.rs", "system/Encounter.r"),
    ("user/Encounter.rs", "system/Encounter.r"),
    ("patient/*.cruds", "system/Encounter.r"),
    ("system/*.cruds", "cleanclaim/remittance.post"),
    ("cleanclaim/remittance", "cleanclaim/remittance.post"),
    ("cleanclaim/*", "cleanclaim/remittance.post"),
    ("*", "system/Encounter.r"),
    ("*/*.cruds", "system/Encounter.r"),
]


def a_principal_with(scopes):
    return Principal("clerk", "console", None, frozenset(scopes.split()), "token-one")


@pytest.mark.parametrize(("granted", "wanted"), ALLOWED)
def test_a_granted_scope_covers_what_it_spells_out(granted, wanted):
    assert a_principal_with(granted).allows(wanted)


@pytest.mark.parametrize(("granted", "wanted"), REFUSED)
def test_a_granted_scope_covers_nothing_else(granted, wanted):
    assert not a_principal_with(granted).allows(wanted)


@pytest.mark.parametrize(
    "scope", ["", "Claim.r", "system/*.r", "system/Claim.sr", "cleanclaim/Post", "openid"]
)
def test_a_route_cannot_ask_for_a_scope_outside_the_grammar(scope):
    with pytest.raises(ValueError, match="no scope that a route may ask for"):
        authorize(scope)
