"""X12 files of invented claims for the benchmark, the same for the same number: 837P, 837I, 835."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

SEED = 20260105
FAMILY = [
    "ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELDER", "FIRTH", "GORSE", "HAZEL", "IVORY",
    "JUNIPER", "LARCH", "MAPLE", "OAKES",
]  # fmt: skip
GIVEN = [
    "ANNA", "BEN", "CARLA", "DAVID", "ELENA", "FRANK", "GRACE", "HENRY", "IRIS", "JACK",
    "KAREN", "LEO", "MARIA", "NOAH",
]  # fmt: skip
STREETS = ["MAIN", "OAK", "PINE", "ELM", "LAKE", "HILL", "PARK", "RIVER"]
CITIES = (
    ("MIAMI", "FL", "331320001"),
    ("DALLAS", "TX", "752010002"),
    ("PHOENIX", "AZ", "850010003"),
    ("BOSTON", "MA", "021080005"),
)
DIAGNOSES = [
    "J0190", "E119", "I10", "M545", "R109", "J069", "K219", "N390", "F419", "Z0000", "M25561",
    "H6690", "L309", "E785",
]  # fmt: skip
PROCEDURES = [
    "99212", "99213", "99214", "99203", "36415", "80053", "85025", "93000", "71046", "87880",
    "90471", "97110",
]  # fmt: skip
MODIFIERS = ("", "", ":25", ":RT")
REVENUE_CODES = ["0250", "0260", "0300", "0320", "0360", "0450", "0636"]
PAYERS = (
    ("ACME HEALTH PLAN", "60054", "CI"),
    ("NORTHWIND BLUE", "84146", "BL"),
    ("CONTOSO HMO", "87726", "HM"),
)
TAXONOMIES = ("207Q00000X", "208D00000X", "207R00000X", "363L00000X")
GUIDES = {"837p": "005010X222A1", "837i": "005010X223A2", "835": "005010X221A1"}
CLAIMS_PER_PROVIDER = 250


def money(cents: int) -> str:
    whole, part = divmod(abs(cents), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if cents < 0 else text


def an_npi(chance: random.Random) -> str:
    nine = f"1{chance.randrange(10**8):08d}"
    total = 24
    for place, letter in enumerate(nine):
        digit = int(letter) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return nine + str(-total % 10)


class Writer:
    """Writes segments to a file and counts those of the open set."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.count = 0

    def __call__(self, *elements: str) -> None:
        self.count += 1
        self.out.write("*".join(elements).rstrip("*") + "~\n")

    def address(self, chance: random.Random) -> None:
        self("N3", f"{chance.randint(1, 9999)} {chance.choice(STREETS)} ST")
        self("N4", *chance.choice(CITIES))


class Maker:
    """Makes one file: envelopes, sets of `per_set` claims, and the claims of its kind."""

    def __init__(self, kind: str, claims: int, per_set: int, out: TextIO) -> None:
        self.kind = kind
        self.claims = claims
        self.per_set = per_set or claims
        self.chance = random.Random(SEED)
        self.write = Writer(out)
        self.done = 0

    def make(self) -> None:
        blank, write = " " * 10, self.write
        ends = ("ZZ", "SUBMITTER01".ljust(15), "ZZ", "RECEIVER01".ljust(15))
        stamp = ("260105", "0830", "^", "00501", "000000042", "0", "T", ":")
        write("ISA", "00", blank, "00", blank, *ends, *stamp)
        code = "HP" if self.kind == "835" else "HC"
        group = (code, "SUBMITTER01", "RECEIVER01", "20260105", "0830", "42", "X")
        write("GS", *group, GUIDES[self.kind])
        sets = 0
        while self.done < self.claims:
            sets += 1
            write.count = 0
            self.one_set(f"{sets:04d}", min(self.per_set, self.claims - self.done))
            write("SE", str(write.count + 1), f"{sets:04d}")
        write("GE", str(sets), "42")
        write("IEA", "1", "000000042")

    def one_set(self, number: str, quota: int) -> None:
        if self.kind == "835":
            self.remittance(number, quota)
            return
        write = self.write
        write("ST", "837", number, GUIDES[self.kind])
        write("BHT", "0019", "00", f"B{number}", "20260105", "0830", "CH")
        write("NM1", "41", "2", "HARBOR BILLING OFFICE", "", "", "", "", "46", "S0001")
        write("PER", "IC", "EDI DESK", "TE", "3055550100")
        write("NM1", "40", "2", "NORTHWIND EXCHANGE", "", "", "", "", "46", "R0001")
        level = 0
        for start in range(0, quota, CLAIMS_PER_PROVIDER):
            level = self.provider(level, min(CLAIMS_PER_PROVIDER, quota - start))

    # 837

    def provider(self, level: int, claims: int) -> int:
        write, chance = self.write, self.chance
        level += 1
        own = level
        write("HL", str(level), "", "20", "1")
        write("PRV", "BI", "PXC", chance.choice(TAXONOMIES))
        name = f"{chance.choice(FAMILY)} MEDICAL GROUP"
        write("NM1", "85", "2", name, "", "", "", "", "XX", an_npi(chance))
        write.address(chance)
        write("REF", "EI", f"{chance.randint(10**8, 10**9 - 1)}")
        doctors = [(self.person(), an_npi(chance), chance.choice(TAXONOMIES)) for _ in range(4)]
        for _ in range(claims):
            self.done += 1
            level = self.subscriber(level, own)
            self.claim(chance.choice(doctors))
        return level

    def person(self) -> tuple[str, str, str]:
        chance = self.chance
        return chance.choice(FAMILY), chance.choice(GIVEN), chance.choice("ABCDEFGH")

    def subscriber(self, level: int, provider: int) -> int:
        write, chance = self.write, self.chance
        has_patient = chance.random() < 0.3
        level += 1
        write("HL", str(level), str(provider), "22", "1" if has_patient else "0")
        payer, code, filing = chance.choice(PAYERS)
        group, relation = f"GRP{chance.randint(1000, 9999)}", "" if has_patient else "18"
        write("SBR", "P", relation, group, "", "", "", "", "", filing)
        name = self.person()
        member = f"M{chance.randint(10**8, 10**9 - 1)}"
        write("NM1", "IL", "1", *name, "", "", "MI", member)
        if not has_patient:
            self.about_person()
        write("NM1", "PR", "2", payer, "", "", "", "", "PI", code)
        if has_patient:
            level += 1
            write("HL", str(level), str(level - 1), "23", "0")
            write("PAT", chance.choice(("01", "19")))
            write("NM1", "QC", "1", name[0], chance.choice(GIVEN))
            self.about_person()
        return level

    def about_person(self) -> None:
        self.write.address(self.chance)
        born = date(1940, 1, 1) + timedelta(days=self.chance.randint(0, 28000))
        self.write("DMG", "D8", born.strftime("%Y%m%d"), self.chance.choice("MF"))

    def claim(self, doctor: tuple[tuple[str, str, str], str, str]) -> None:
        write, chance = self.write, self.chance
        lines = [
            (chance.choice(PROCEDURES), chance.choice(MODIFIERS), chance.randint(1500, 60000))
            for _ in range(chance.randint(2, 4))
        ]
        total = money(sum(line[2] for line in lines))
        day = (date(2025, 11, 1) + timedelta(days=chance.randint(0, 60))).strftime("%Y%m%d")
        codes = chance.sample(DIAGNOSES, chance.randint(1, 4))
        number = f"PCN{self.done:09d}"
        others = [f"ABF:{code}" for code in codes[1:]]
        if self.kind == "837p":
            write("CLM", number, total, "", "", "11:B:1", "Y", "A", "Y", "Y")
            write("REF", "D9", f"CH{self.done:011d}")
            write("HI", f"ABK:{codes[0]}", *others)
            self.doctor("82", doctor)
        else:
            write("CLM", number, total, "", "", "13:A:1", "", "A", "Y", "Y")
            write("DTP", "434", "RD8", f"{day}-{day}")
            write("CL1", "1", "7", "01")
            write("REF", "D9", f"CH{self.done:011d}")
            write("HI", f"ABK:{codes[0]}")
            if others:
                write("HI", *others)
            self.doctor("71", doctor)
        for place, line in enumerate(lines, 1):
            self.line(place, line, (day, len(codes)))

    def doctor(self, role: str, doctor: tuple[tuple[str, str, str], str, str]) -> None:
        name, npi, taxonomy = doctor
        self.write("NM1", role, "1", *name, "", "", "XX", npi)
        self.write("PRV", "PE" if role == "82" else "AT", "PXC", taxonomy)

    def line(self, place: int, line: tuple[str, str, int], of: tuple[str, int]) -> None:
        write, (code, modifier, cents), (day, codes) = self.write, line, of
        write("LX", str(place))
        if self.kind == "837p":
            pointers = ":".join(str(n) for n in range(1, self.chance.randint(1, codes) + 1))
            write("SV1", f"HC:{code}{modifier}", money(cents), "UN", "1", "", "", pointers)
        else:
            revenue = self.chance.choice(REVENUE_CODES)
            write("SV2", revenue, f"HC:{code}{modifier}", money(cents), "UN", "1")
        write("DTP", "472", "D8", day)
        write("REF", "6R", f"{self.done}{place:02d}")

    # 835

    def remittance(self, number: str, quota: int) -> None:
        write, chance = self.write, self.chance
        payee, paid_out = an_npi(chance), chance.randint(500, 50000)
        # BPR02 stands before the claims that it sums: they are made twice, never held.
        begun, done = chance.getstate(), self.done
        net = sum(paid for _, paid in self.payments(quota)) - paid_out
        write("ST", "835", number)
        bank = ("01", "011000015", "DA", "1234567890", "1512345678", "", "01", "021000021", "DA")
        write("BPR", "I", money(net), "C", "ACH", "CCP", *bank, "9876543210", "20260105")
        write("TRN", "1", f"EFT{number}", "1512345678")
        write("DTM", "405", "20260105")
        write("N1", "PR", "ACME HEALTH PLAN")
        write.address(chance)
        write("REF", "2U", "60054")
        write("PER", "BL", "PROVIDER SERVICES", "TE", "8005550100")
        write("N1", "PE", "HARBOR FAMILY MEDICINE", "XX", payee)
        write("REF", "TJ", "650000001")
        write("LX", "1")
        after, self.done = chance.getstate(), done
        chance.setstate(begun)
        for segments, _ in self.payments(quota):
            for segment in segments:
                write(*segment)
        chance.setstate(after)
        write("PLB", payee, "20261231", f"WO:OVR{number}", money(paid_out))

    def payments(self, quota: int) -> Iterator[tuple[list[tuple[str, ...]], int]]:
        """The segments of each claim payment, and what it pays."""
        for _ in range(quota):
            self.done += 1
            is_denied = self.chance.random() < 0.04
            yield self.payment(
                [self.paid_line(is_denied) for _ in range(self.chance.randint(2, 4))]
            )

    def paid_line(self, is_denied: bool) -> tuple[int, int, int, int]:
        """Charge, contractual adjustment, coinsurance and payment."""
        chance = self.chance
        charge = chance.randint(2000, 30000)
        if is_denied:
            return charge, charge, 0, 0
        allowed = charge * chance.randint(55, 90) // 100
        share = allowed * chance.choice((0, 10, 20)) // 100
        return charge, charge - allowed, share, allowed - share

    def payment(self, lines: list[tuple[int, int, int, int]]) -> tuple[list[tuple[str, ...]], int]:
        chance = self.chance
        charge, _, share, paid = (sum(column) for column in zip(*lines, strict=True))
        day = (date(2025, 11, 1) + timedelta(days=chance.randint(0, 60))).strftime("%Y%m%d")
        head = (f"PCN{self.done:09d}", "1" if paid else "4", money(charge), money(paid))
        tail = (money(share) if share else "", "12", f"ICN{self.done:012d}", "11", "1")
        member = f"M{chance.randint(10**8, 10**9 - 1)}"
        found: list[tuple[str, ...]] = [
            ("CLP", *head, *tail),
            ("NM1", "QC", "1", *self.person(), "", "", "MI", member),
            ("NM1", "82", "1", "PROVIDER", "RENDERING", "", "", "", "XX", an_npi(chance)),
            ("DTM", "232", day),
            ("DTM", "050", "20251228"),
        ]
        for place, (cents, contract, coinsurance, payment) in enumerate(lines, 1):
            code = f"HC:{chance.choice(PROCEDURES)}"
            found.append(("SVC", code, money(cents), money(payment), "", "1"))
            found.append(("DTM", "472", day))
            found.append(("CAS", "CO", "45" if payment else "16", money(contract)))
            if coinsurance:
                found.append(("CAS", "PR", "2", money(coinsurance)))
            found.append(("REF", "6R", f"{self.done}{place:02d}"))
            if payment:
                found.append(("AMT", "B6", money(payment + coinsurance)))
            else:
                found.append(("LQ", "HE", "N130"))
        return found, paid


def make(path: Path, kind: str, claims: int, per_set: int = 0) -> Path:
    """Write a file of `claims` claims, `per_set` in each ST (0: all in one)."""
    with path.open("w", newline="", encoding="ascii") as out:
        Maker(kind, claims, per_set, out).make()
    return path


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("kind", choices=sorted(GUIDES))
    words.add_argument("file", type=Path)
    words.add_argument("--claims", type=int, default=10_000)
    words.add_argument("--per-set", type=int, default=0)
    given = words.parse_args()
    make(given.file, given.kind, given.claims, given.per_set)


if __name__ == "__main__":
    main()
