"""Three independent readers as judges: how many claims they see, for what money, accepted or not."""

import io
from decimal import Decimal
from typing import NamedTuple

import oxedi
import pyx12.errors
import pyx12.x12file
from x12sdk.io import X12ModelReader

from cleanclaim.x12 import parse, read
from cleanclaim.x12.testing import judged_by_pyx12


class Verdict(NamedTuple):
    """What a reader says of a file; money in cents, None where it does not know the guide."""

    accepted: bool
    claims: int
    charge_cents: int
    paid_cents: int


CLAIMS = ("Claim837", "ClaimPayment835")
NOTHING = Verdict(accepted=False, claims=0, charge_cents=0, paid_cents=0)


def ours(path):
    payload = path.read_bytes()
    claims = [item for item in read(payload) if type(item).__name__.startswith(CLAIMS)]
    charge = sum(item.charge_cents for item in claims)
    paid = sum(getattr(item, "paid_cents", 0) for item in claims)
    return Verdict(parse(payload).accepted, len(claims), charge, paid)


def by_pyx12(path):
    payload = path.read_bytes()
    complaints = judged_by_pyx12(payload)
    if any("Map not found" in line for line in complaints):
        return None
    try:
        segments = list(pyx12.x12file.X12Reader(io.StringIO(payload.decode("latin-1"))))
    except pyx12.errors.X12Error:
        return NOTHING
    claims = charge = paid = 0
    for segment in segments:
        if segment.get_seg_id() == "CLM":
            claims += 1
            charge += cents(segment.get_value("CLM02"))
        elif segment.get_seg_id() == "CLP":
            claims += 1
            charge += cents(segment.get_value("CLP03"))
            paid += cents(segment.get_value("CLP04"))
    return Verdict(not complaints, claims, charge, paid)


def by_x12sdk(path):
    if b"TA1" in path.read_bytes():
        return None  # its reader fails where no GS follows the ISA
    try:
        with X12ModelReader(str(path)) as reader:
            models = list(reader.models())
    except Exception as error:  # noqa: BLE001 (x12sdk lets bare errors of many kinds through)
        return None if "specification guide" in str(error) else NOTHING
    claims = [claim for model in models for claim in _claims(model)]
    charge = sum(cents(claim.charge) for claim in claims)
    paid = sum(cents(getattr(claim, "paid", 0)) for claim in claims)
    return Verdict(bool(models), len(claims), charge, paid)


def _claims(model):
    """The claims and payments of a model; those that a 276 asks after are none."""
    found = model.claims() if hasattr(model, "claims") else []
    return [claim for claim in found if type(claim).__name__ in {"SubmittedClaim", "PaidClaim"}]


def by_oxedi(path):
    payload = path.read_bytes()
    if b"005010X221A1" not in payload:
        return None
    read = oxedi.parse(payload)
    rows = [one for one in read.document if one.id == b"CLP"]
    charge = sum(cents(one.elements[2].decode()) for one in rows)
    paid = sum(cents(one.elements[3].decode()) for one in rows)
    return Verdict(not list(read.diagnostics), len(rows), charge, paid)


def cents(amount):
    return int(Decimal(amount or 0) * 100)


PEERS = {"pyx12": by_pyx12, "x12sdk": by_x12sdk, "oxedi": by_oxedi}
