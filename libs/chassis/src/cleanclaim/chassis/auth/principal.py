"""The one who asks, as a verified token names them."""

from dataclasses import dataclass
from uuid import UUID

from cleanclaim.chassis.auth import scopes


@dataclass(frozen=True, slots=True)
class Principal:
    """`organization_id` is None for tokens that speak for no organization (operators)."""

    subject: str
    client_id: str
    organization_id: UUID | None
    scopes: frozenset[str]
    token_id: str

    def allows(self, scope: str) -> bool:
        return scopes.allows(self.scopes, scope)
