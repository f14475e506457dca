"""Payers and billing providers as an 835 names them, and who of them is meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.remittance.domain.remittance import Head, Payee, Payer

_NOT_A_WORD = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerReference:
    """One payer between two days: the names and numbers that it uses in an 835."""

    payer_id: UUID
    from_on: date
    to_on: date | None
    names: tuple[str, ...]
    identifiers: tuple[str, ...]
    originating_company_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReference:
    """One billing provider between two days."""

    provider_id: UUID
    from_on: date
    to_on: date | None
    npi: str
    tin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Who was found, or why nobody was (`reason`: unknown_payer, ambiguous_payer and such)."""

    id: UUID | None
    reason: str | None = None


def recognise_payer(payer: Payer, head: Head, known: Iterable[PayerReference]) -> Recognised:
    """The payer that all of TRN03, N1*PR and REF*2U that we know of agree on.

    Each kind of name narrows the choice; one that nobody is known by narrows nothing, for payers
    pay through other companies' accounts. Names that point to different payers leave nobody.
    """
    in_force = [one for one in known if _in_force(one.from_on, one.to_on, head.paid_on)]
    wanted = {identifier.upper() for identifier in payer.identifiers if identifier}
    name = words(payer.name)
    ways = (
        {p.payer_id for p in in_force if wanted & {one.upper() for one in p.identifiers}},
        {p.payer_id for p in in_force if head.originating_company_id in p.originating_company_ids},
        {p.payer_id for p in in_force if name and name in {words(one) for one in p.names}},
    )
    found = [way for way in ways if way]
    if not found:
        return Recognised(id=None, reason="unknown_payer")
    agreed = set.intersection(*found)
    if len(agreed) == 1:
        return Recognised(id=next(iter(agreed)))
    return Recognised(id=None, reason="ambiguous_payer")


def recognise_carrier(
    identifier: str, name: str, known: Iterable[PayerReference], on: date
) -> UUID | None:
    """The payer that a claim was sent on to (NM1*TT), where exactly one is meant."""
    in_force = [one for one in known if _in_force(one.from_on, one.to_on, on)]
    by_identifier = {
        p.payer_id for p in in_force if identifier and identifier.upper() in p.identifiers
    }
    by_name = {p.payer_id for p in in_force if words(name) in {words(one) for one in p.names}}
    found = by_identifier or by_name
    return next(iter(found)) if len(found) == 1 else None


def recognise_payee(payee: Payee, paid_on: date, known: Iterable[ProviderReference]) -> Recognised:
    """The billing provider with the payee's NPI, else the one with its tax number."""
    in_force = [one for one in known if _in_force(one.from_on, one.to_on, paid_on)]
    if payee.npi:
        found = {one.provider_id for one in in_force if one.npi == payee.npi}
    else:
        found = {one.provider_id for one in in_force if payee.tin and one.tin == payee.tin}
    if len(found) == 1:
        return Recognised(id=next(iter(found)))
    return Recognised(id=None, reason="ambiguous_payee" if found else "unknown_payee")


def words(name: str) -> str:
    """A name as it is compared: capitals and digits, one blank between words."""
    return _NOT_A_WORD.sub(" ", name.upper()).strip()


def _in_force(from_on: date, to_on: date | None, day: date) -> bool:
    return from_on <= day and (to_on is None or day <= to_on)
