"""A guide as data: its loops, the segments in them and what may follow what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from cleanclaim.x12.dictionary import SegmentShape, segment_shapes

UNBOUNDED = 1 << 30
# Segments that tell their use in a loop by something else than element 1.
QUALIFIER_PLACES = {"HL": 3, "CRC": 1}
_NO_QUALIFIER = """LX CLM SV1 SV2 SV3 SV5 CAS CUR N3 N4 PAT SBR DMG OI MOA MIA K3 CR1 CR2 CR3 CN1
HCP PS1 LIN CTP SVD FRM CLP SVC PLB BPR TS2 TS3 RDM STC BHT AK1 AK2 IK3 IK4 IK5 AK9 CTX MEA LQ TRN
CL1 DN1 DN2 TOO EQ EB AAA HSD III INS MSG LS LE MPI"""
UNQUALIFIED = frozenset(_NO_QUALIFIER.split())


class Usage(msgspec.Struct, frozen=True):
    """How a guide uses a field: R required, S situational, N not used; with its code lists."""

    need: str
    components: str = ""
    codes: tuple[tuple[int, frozenset[str]], ...] = ()  # (component, values); 0 = the element


class SegmentUse(msgspec.Struct, kw_only=True, frozen=True):
    """A segment in its loop; `qualifiers` empty means any."""

    segment_id: str
    shape: SegmentShape
    required: bool
    most: int
    usages: tuple[Usage, ...]
    qualifiers: frozenset[str]
    ordinal: int

    def __hash__(self) -> int:
        return id(self)

    @property
    def label(self) -> str:
        if not self.qualifiers:
            return self.segment_id
        return f"{self.segment_id}*{'/'.join(sorted(self.qualifiers))}"


class Loop(msgspec.Struct, kw_only=True, eq=False):
    """A loop: `entries` are its segments and child loops in the guide's order."""

    loop_id: str
    required: bool
    most: int
    ordinal: int = 0
    entries: list[SegmentUse | Loop] = []

    @property
    def opener(self) -> SegmentUse:
        """The segment that begins the loop."""
        first = self.entries[0]
        if isinstance(first, Loop):  # only the root has none
            return first.opener
        return first


class Guide(msgspec.Struct, kw_only=True, eq=False):
    """A transaction set of one implementation guide."""

    kind: str
    identifier: str
    version: str
    functional_code: str
    root: Loop
    segment_ids: frozenset[str]
    item_loops: frozenset[str]  # what is given out by itself: a claim, a payment, an answer
    levels: dict[str, frozenset[str]]  # HL03 -> the HL03 that may stand above it
    has_version_in_st: bool = True


# What follows a stroke is an edition with a grammar of its own; the kind is what stands before it.
# key -> (ST01, guide, GS01, grammar file). Editions without addendum are read as the addendum.
GUIDES = {
    "837P": ("837", "005010X222A1", "HC", "x837p"),
    "837I": ("837", "005010X223A2", "HC", "x837i"),
    "837D": ("837", "005010X224A2", "HC", "x837d"),
    "835": ("835", "005010X221A1", "HP", "x835"),
    "835/4010": ("835", "004010X091A1", "HP", "x835_4010"),
    "999": ("999", "005010X231A1", "FA", "x999"),
    "277CA": ("277", "005010X214", "HN", "x277ca"),
    "276": ("276", "005010X212", "HR", "x276"),
    "277": ("277", "005010X212", "HN", "x277"),
    "270": ("270", "005010X279A1", "HS", "x270"),
    "271": ("271", "005010X279A1", "HB", "x271"),
}
EDITIONS = {
    "005010X222": ("837P",),
    "005010X222A1": ("837P",),
    "005010X222A2": ("837P",),
    "005010X223": ("837I",),
    "005010X223A1": ("837I",),
    "005010X223A2": ("837I",),
    "005010X223A3": ("837I",),
    "005010X224": ("837D",),
    "005010X224A1": ("837D",),
    "005010X224A2": ("837D",),
    "005010X224A3": ("837D",),
    "005010X221": ("835",),
    "005010X221A1": ("835",),
    "004010X091": ("835/4010",),
    "004010X091A1": ("835/4010",),
    "005010X231": ("999",),
    "005010X231A1": ("999",),
    "005010X214": ("277CA",),
    "005010X212": ("276", "277"),
    "005010X279": ("270", "271"),
    "005010X279A1": ("270", "271"),
}
ITEM_LOOPS = {
    **dict.fromkeys(("837P", "837I", "837D"), frozenset({"2300"})),
    "835": frozenset({"2100"}),
    "277CA": frozenset({"2200D"}),
    "276": frozenset({"2200D", "2200E"}),
    "277": frozenset({"2200B", "2200C", "2200D", "2200E"}),
    **dict.fromkeys(("270", "271"), frozenset({"2000C", "2000D"})),
}


def guide_for(identifier: str, version: str) -> Guide | None:
    """The guide of an ST01 and a version (ST03, else GS08); None when it is not supported."""
    for key in EDITIONS.get(version, ()):
        if GUIDES[key][0] == identifier:
            return load_guide(key)
    return None


@cache
def load_guide(key: str) -> Guide:
    identifier, version, functional_code, name = GUIDES[key]
    kind = key.partition("/")[0]
    root = load_grammar(name).root
    return Guide(
        kind=kind,
        identifier=identifier,
        version=version,
        functional_code=functional_code,
        root=root,
        segment_ids=frozenset(use.segment_id for use in _uses(root, set())),
        item_loops=ITEM_LOOPS.get(kind, frozenset()),
        levels=_levels(root),
        has_version_in_st=kind != "835",
    )


@cache
def load_grammar(name: str) -> Grammar:
    return Grammar(files("cleanclaim.x12").joinpath(f"grammars/{name}.txt").read_text("ascii"))


def _uses(loop: Loop, seen: set[int]) -> Iterator[SegmentUse]:
    if id(loop) in seen:
        return
    seen.add(id(loop))
    for entry in loop.entries:
        if isinstance(entry, Loop):
            yield from _uses(entry, seen)
        else:
            yield entry


def _levels(loop: Loop, above: frozenset[str] = frozenset()) -> dict[str, frozenset[str]]:
    """Which HL stands above which, as the loops of a guide are nested."""
    found: dict[str, frozenset[str]] = {}
    for child in loop.entries:
        if isinstance(child, Loop) and child.opener.segment_id == "HL":
            own = child.opener.qualifiers
            found |= dict.fromkeys(own, above) | _levels(child, own)
    return found


class Grammar:
    """A grammar file: indentation is the loop, and a loop written elsewhere is mounted.

    `2300 R 100 &` mounts the 2300 written above, `2220E S * &2220D` another loop of the file under
    a name of its own, `2330B R 1 &x837p` the loop of that name in another file.
    """

    def __init__(self, text: str) -> None:
        self.loops: dict[str, Loop] = {}
        self.root = self._tree([line for line in text.splitlines() if line.strip()])

    def _tree(self, lines: list[str]) -> Loop:
        root = Loop(loop_id="", required=True, most=1)
        stack = [root]
        for line in lines:
            depth = (len(line) - len(line.lstrip())) // 2
            del stack[depth + 1 :]
            parent = stack[depth]
            words = line.split()
            if words[0] in segment_shapes():
                parent.entries.append(_use(words, len(parent.entries)))
            else:
                stack.append(self._loop(words, parent))
        return root

    def _loop(self, words: list[str], parent: Loop) -> Loop:
        loop_id, need, most = words[:3]
        loop = Loop(
            loop_id=loop_id, required=need == "R", most=_most(most), ordinal=len(parent.entries)
        )
        if words[3:]:
            loop.entries = self._mounted(loop_id, words[3].removeprefix("&")).entries
        self.loops[loop_id] = loop
        parent.entries.append(loop)
        return loop

    def _mounted(self, loop_id: str, source: str) -> Loop:
        """One definition for each place: peers drifted where they kept copies."""
        if source.startswith("x"):
            return load_grammar(source).loops[loop_id]
        return self.loops[source or loop_id]


def _most(text: str) -> int:
    return UNBOUNDED if text == "*" else int(text)


def _use(words: list[str], ordinal: int) -> SegmentUse:
    segment_id, need, most = words[:3]
    marks = words[3] if len(words) > 3 and "=" not in words[3] else ""
    codes = _codes(words[4:])
    usages = tuple(
        Usage(mark, inner, codes.get(place, ()))
        for place, (mark, inner) in enumerate(re.findall(r"([RSN])(?:\(([RSN]*)\))?", marks), 1)
    )
    return SegmentUse(
        segment_id=segment_id,
        shape=segment_shapes()[segment_id],
        required=need == "R",
        most=_most(most),
        usages=usages,
        qualifiers=_qualifiers(segment_id, usages),
        ordinal=ordinal,
    )


def _codes(words: list[str]) -> dict[int, tuple[tuple[int, frozenset[str]], ...]]:
    found: dict[int, list[tuple[int, frozenset[str]]]] = {}
    for word in words:
        place, _, values = word.partition("=")
        element, _, component = place.partition(".")
        found.setdefault(int(element), []).append(
            (int(component or 0), frozenset(values.split(",")))
        )
    return {element: tuple(lists) for element, lists in found.items()}


def _qualifiers(segment_id: str, usages: tuple[Usage, ...]) -> frozenset[str]:
    if segment_id in UNQUALIFIED:
        return frozenset()
    place = QUALIFIER_PLACES.get(segment_id, 1)
    if place > len(usages):
        return frozenset()
    wanted = 1 if usages[place - 1].components else 0
    for component, values in usages[place - 1].codes:
        if component == wanted:
            return values
    return frozenset()
