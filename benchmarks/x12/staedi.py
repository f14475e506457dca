"""What StAEDI needs: its jar, and schemas at the level of the X12 standard; prints the jar's path.

The schemas hold our segment dictionary and the loops of a set, no codes and no qualifiers.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

from jgo.maven import MavenContext, PythonResolver

from cleanclaim.x12.dictionary import Element, SegmentShape, segment_shapes

# Loops of the standard: segment ids, then child loops; a loop is opened by its first segment.
PARTY = "NM1 N3 N4 DMG PRV REF PER"
CLAIM = "CLM DTP CL1 PWK CN1 AMT REF K3 NTE CR1 CR2 CRC HI HCP"
LINE = "LX SV1 SV2 DTP PWK CR1 CR3 CRC QTY MEA CN1 REF AMT K3 NTE PS1 HCP"
STAEDI = ("io.xlate", "staedi", "1.26.0")
CENTRAL = "https://repo.maven.apache.org/maven2"
Loop = tuple[str, list["Loop"]]
LOOPS: dict[str, Loop] = {
    "837": (
        "BHT",
        [
            ("NM1 PER", []),
            (
                "HL PRV CUR SBR PAT",
                [
                    (PARTY, []),
                    (CLAIM, [(PARTY, []), ("SBR CAS AMT OI MOA", [(PARTY + " DTP", [])]),
                             (LINE, [("LIN CTP REF", []), (PARTY, []), ("SVD CAS DTP AMT", [])])]),
                ],
            ),
        ],
    ),
    "835": (
        "BPR TRN CUR REF DTM",
        [
            ("N1 N3 N4 REF PER RDM", []),
            (
                "LX TS3 TS2",
                [("CLP CAS NM1 MIA MOA REF DTM PER AMT QTY",
                  [("SVC DTM CAS REF AMT QTY LQ", [])])],
            ),
        ],
    ),
}  # fmt: skip
TAIL = {"835": "PLB", "837": ""}
BASES = {
    "AN": "string",
    "ID": "identifier",
    "R": "decimal",
    "N0": "numeric",
    "DT": "date",
    "TM": "time",
}


class Schema:
    """Collects the types that the segments need while the loops are written."""

    def __init__(self) -> None:
        self.elements: dict[str, str] = {}
        self.composites: dict[str, str] = {}
        self.segments: dict[str, str] = {}
        self.loops = 0

    def of(self, identifier: str) -> str:
        ids, children = LOOPS[identifier]
        body = self.row(ids, children, 1) + self.row(TAIL[identifier], [], 0)
        types = [*self.elements.values(), *self.composites.values(), *self.segments.values()]
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<schema xmlns="http://xlate.io/EDISchema/v4">\n'
            f"<transaction><sequence>{body}</sequence></transaction>\n"
            f"{chr(10).join(types)}\n</schema>"
        )

    def row(self, ids: str, children: list[Loop], first: int) -> str:
        """The first segment must be there `first` times; the loops follow."""
        parts = []
        known = [segment_id for segment_id in ids.split() if segment_id in segment_shapes()]
        for place, segment_id in enumerate(known):
            self.segment(segment_shapes()[segment_id])
            least, most = (first, 1) if not place else (0, 999)
            parts.append(f'<segment type="{segment_id}" minOccurs="{least}" maxOccurs="{most}"/>')
        for inner, below in children:
            self.loops += 1
            code = f"L{self.loops:04d}"
            row = self.row(inner, below, 1)
            parts.append(
                f'<loop code="{code}" maxOccurs="999999"><sequence>{row}</sequence></loop>'
            )
        return "".join(parts)

    def segment(self, shape: SegmentShape) -> None:
        if shape.segment_id in self.segments:
            return
        parts = []
        for place, field in enumerate(shape.fields, 1):
            if not field.is_composite:
                name = self.element(field.elements[0])
                parts.append(f'<element type="{name}" maxOccurs="{field.repeats}"/>')
                continue
            name = f"C{shape.segment_id}{place:02d}"
            inner = "".join(f'<element type="{self.element(one)}"/>' for one in field.elements)
            self.composites[name] = (
                f'<compositeType name="{name}"><sequence>{inner}</sequence></compositeType>'
            )
            parts.append(f'<composite type="{name}" maxOccurs="{field.repeats}"/>')
        body = f"<sequence>{''.join(parts)}</sequence>"
        self.segments[shape.segment_id] = (
            f'<segmentType name="{shape.segment_id}">{body}</segmentType>'
        )

    def element(self, element: Element) -> str:
        number = element.number or "9999"
        name = f"E{number}L{element.longest}"
        base = quoteattr(BASES[element.kind])
        self.elements[name] = (
            f'<elementType name="{name}" number="{int(number) if number.isdigit() else 9999}"'
            f' base={base} minLength="{element.shortest}" maxLength="{element.longest}"/>'
        )
        return name


def jar(home: Path) -> str:
    group, artifact, version = STAEDI
    address = os.environ.get("CLEANCLAIM_MAVEN_REPOSITORY", CENTRAL).rstrip("/")
    context = MavenContext(
        resolver=PythonResolver(), repo_cache=home / "m2", remote_repos={"central": address}
    )
    return str(context.project(group, artifact).at_version(version).artifact().resolve())


def main() -> None:
    home = Path(sys.argv[1])
    for identifier in LOOPS:
        (home / f"{identifier}.xml").write_text(Schema().of(identifier), encoding="ascii")
    print(jar(home))


if __name__ == "__main__":
    main()
