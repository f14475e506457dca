"""Who is asking, and may they: tokens are verified, signed and turned into principals here."""

from cleanclaim.chassis.auth.doors import Door, authorize, scopes_of, unauthenticated_answer
from cleanclaim.chassis.auth.keys import KeySource, TrustedKey
from cleanclaim.chassis.auth.principal import Principal
from cleanclaim.chassis.auth.refusals import Unauthenticated
from cleanclaim.chassis.auth.signer import ServiceSigner
from cleanclaim.chassis.auth.tokens import TokenVerifier

__all__ = [
    "Door",
    "KeySource",
    "Principal",
    "ServiceSigner",
    "TokenVerifier",
    "TrustedKey",
    "Unauthenticated",
    "authorize",
    "scopes_of",
    "unauthenticated_answer",
]
