"""SNIP 5: where the guides put codes of outside lists, and which list each is from."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import NamedTuple

from cleanclaim.x12.checking.rules import code_rules
from cleanclaim.x12.dictionary import segment_shapes
from cleanclaim.x12.findings import Severity
from cleanclaim.x12.reporting import Place, Rule
from cleanclaim.x12.segment import Segment


class Coded(NamedTuple):
    """A code where it stands; `component` 0 when the element is no composite."""

    kind: str
    element: int
    component: int
    code: str


Finder = Callable[[Segment], Iterator[Coded]]

# Qualifiers of a procedure composite (data element 235) and of HI (1270).
PROCEDURES = {"HC": "hcpcs", "AD": "cdt", "HP": "hipps", "N4": "ndc", "NU": "revenue"}
CODED = {
    **dict.fromkeys(("ABK", "ABF", "ABJ", "APR", "ABN"), "icd10cm"),
    **dict.fromkeys(("BK", "BF", "BJ", "PR", "BN"), "icd9cm"),
    **dict.fromkeys(("BBR", "BBQ"), "icd10pcs"),
    **dict.fromkeys(("BP", "BO"), "hcpcs"),
    "DR": "drg",
    "BI": "occurrence-span",
    "BH": "occurrence",
    "BE": "value",
    "BG": "condition",
    "TC": "treatment",
}
REMARKS = {"HE": "rarc", "RX": "ncpdp-reject"}
WITH_STATES = {"", "US", "CA"}


def _plain(*spots: tuple[str, int]) -> Finder:
    """Codes that are whole elements."""

    def find(segment: Segment) -> Iterator[Coded]:
        for kind, element in spots:
            if code := segment.element(element):
                yield Coded(kind, element, 0, code)

    return find


def _procedure(segment: Segment, element: int) -> Iterator[Coded]:
    parts = segment.components(element)
    if len(parts) < 2:
        return
    if kind := PROCEDURES.get(parts[0]):
        yield Coded(kind, element, 2, parts[1])
    if parts[0] == "HC":
        for component, code in enumerate(parts[2:6], 3):
            if code:
                yield Coded("modifier", element, component, code)


def _service(*procedures: int, plain: Finder | None = None) -> Finder:
    """Procedure composites, and what else is a code in the segment."""

    def find(segment: Segment) -> Iterator[Coded]:
        for element in procedures:
            yield from _procedure(segment, element)
        if plain is not None:
            yield from plain(segment)

    return find


def _information(segment: Segment) -> Iterator[Coded]:
    for element in range(1, len(segment.elements)):
        parts = segment.components(element)
        kind = CODED.get(parts[0]) if len(parts) > 1 else None
        if kind is not None:
            yield Coded(kind, element, 2, parts[1])


def _claim(segment: Segment) -> Iterator[Coded]:
    place, qualifier = segment.component(5, 1), segment.component(5, 2)
    kind = {"A": "bill-type", "B": "place-of-service"}.get(qualifier)
    if kind is not None and place:
        yield Coded(kind, 5, 1, place)
    for kind, component in (("state", 4), ("country", 5)):
        if code := segment.component(11, component):
            yield Coded(kind, 11, component, code)


def _city(segment: Segment) -> Iterator[Coded]:
    state, country = segment.element(2), segment.element(4)
    if state and country in WITH_STATES:
        yield Coded("state", 2, 0, state)
    if country:
        yield Coded("country", 4, 0, country)


def _status(segment: Segment) -> Iterator[Coded]:
    for element in (1, 10, 11):
        for kind, component in (("claim-status-category", 1), ("claim-status", 2)):
            if code := segment.component(element, component):
                yield Coded(kind, element, component, code)


def _qualified(kinds: Mapping[str, str], qualifier: int, element: int) -> Finder:
    """A code whose list the element before it names."""

    def find(segment: Segment) -> Iterator[Coded]:
        kind, code = kinds.get(segment.element(qualifier)), segment.element(element)
        if kind is not None and code:
            yield Coded(kind, element, 0, code)

    return find


FINDERS: dict[str, Finder] = {
    "CAS": _plain(*(("carc", element) for element in (2, 5, 8, 11, 14, 17))),
    "CL1": _plain(("admission-type", 1), ("admission-source", 2), ("patient-status", 3)),
    "CLM": _claim,
    "CLP": _plain(("drg", 11)),
    "CUR": _plain(("currency", 2)),
    "EB": _service(13),
    "EQ": _service(2),
    "HI": _information,
    "LIN": _qualified({"N4": "ndc"}, 2, 3),
    "LQ": _qualified(REMARKS, 1, 2),
    "MIA": _plain(*(("rarc", element) for element in (5, 20, 21, 22, 23))),
    "MOA": _plain(*(("rarc", element) for element in (3, 4, 5, 6, 7))),
    "N4": _city,
    "PRV": _qualified({"PXC": "taxonomy"}, 2, 3),
    "STC": _status,
    "SV1": _service(1, plain=_plain(("place-of-service", 5))),
    "SV2": _service(2, plain=_plain(("revenue", 1))),
    "SV3": _service(1, plain=_plain(("place-of-service", 3))),
    "SV5": _service(1),
    "SVC": _service(1, 6, plain=_plain(("revenue", 4))),
    "SVD": _service(3, plain=_plain(("revenue", 4))),
    "TOO": _qualified({"JP": "tooth"}, 1, 2),
}


class CodeCheck:
    """Looks up the codes of a segment in the lists that the caller has handed in."""

    def __init__(self, codes: Mapping[str, Container[str]], severity: Severity) -> None:
        self.codes = codes
        self.rules = code_rules(severity)

    def complaints(self, segment: Segment) -> Iterator[tuple[Rule, str, Place]]:
        find = FINDERS.get(segment.elements[0])
        if find is None:
            return
        for kind, element, component, code in find(segment):
            listed = self.codes.get(kind)
            if listed is None or code in listed:
                continue
            name = f"{segment.elements[0]}{element:02d}" + (f"-{component}" if component else "")
            message = f"{name} is not in the list {kind}: correct the code, or renew the list"
            field = segment_shapes()[segment.elements[0]].fields[element - 1]
            number = field.elements[max(component, 1) - 1].number
            place = Place(element, component, data_element=number, value=code)
            yield self.rules[kind], message, place
