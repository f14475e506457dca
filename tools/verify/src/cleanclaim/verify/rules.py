"""An invariant as SQL: a statement over one schema that finds what breaks it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cleanclaim.verify.look import Look
from cleanclaim.verify.verdicts import Breach, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What may not be found in one schema.

    `offenders` answers one column `id` for each row that breaks the rule; `$1` is one
    organization, or null for all. `what` follows a number: "entries do not add up to 0".
    """

    service: str
    table: str
    what: str
    offenders: str


def own(alias: str = "") -> str:
    """The condition that a row is the wished organization's."""
    return f"($1::uuid IS NULL OR {alias}organization_id = $1)"


async def count(look: Look, service: str, table: str) -> int:
    """How many rows of a table were looked at."""
    return await look.snapshots[service].count(
        f"SELECT count(*) FROM {service}.{table} WHERE {own()}",  # noqa: S608 - names of ours
        look.organization,
    )


async def breach_of(look: Look, rules: Sequence[Rule]) -> Breach | None:
    """The breach of the first rule that is broken."""
    for rule in rules:
        (row,) = await look.snapshots[rule.service].rows(
            f"SELECT count(*) AS many, min(id::text) AS first FROM ({rule.offenders}) AS found",  # noqa: S608
            look.organization,
        )
        if row["many"]:
            return Breach(
                what=f"{row['many']} {rule.what}",
                where=f"{rule.service}.{rule.table} {row['first']}",
            )
    return None


async def judged(look: Look, rules: Sequence[Rule], *tables: tuple[str, str]) -> Seen:
    """All rules over these tables (service, table)."""
    counts = {table.replace("_", " "): await count(look, service, table)
              for service, table in tables}  # fmt: skip
    return Seen(counts, await breach_of(look, rules))
