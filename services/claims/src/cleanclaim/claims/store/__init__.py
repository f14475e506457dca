"""How claims are remembered: the tables, and the statements that write and lock them."""

from cleanclaim.claims.store.tables import METADATA

__all__ = ["METADATA"]
