"""The judge of a new minor: every reader takes what every writer of the same major can write.

Writers are closed and readers open, so optional fields may come and go; a required field, a type,
a closed set or a limit may not change. A registry that judges JSON Schema refuses even an added
optional field under full compatibility, hence this judge of our own.
"""

import json
from typing import Any

from cleanclaim.events.generate.schemas import Schema

# What says nothing about which documents are taken.
_REMARKS = frozenset({"$id", "$schema", "title", "description", "default", "examples", "x-phi"})
_SHAPE = frozenset({"properties", "required", "additionalProperties", "$defs"})


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return why one version cannot be read by the other, as `place: reason`; empty if it can."""
    return _between(old, new, (old, new), "body")


def _between(old: Any, new: Any, roots: tuple[Schema, Schema], place: str) -> list[str]:
    old, new = _resolved(old, roots[0]), _resolved(new, roots[1])
    found = [
        f"{place}: `{word}` was {_said(old, word)} and is {_said(new, word)}"
        for word in sorted((set(old) | set(new)) - _REMARKS - _SHAPE - {"items", "anyOf"})
        if old.get(word) != new.get(word)
    ]
    found += _properties(old, new, roots, place)
    if ("items" in old) != ("items" in new):
        found.append(f"{place}: what the list holds was said in one of the two only")
    elif "items" in old:
        found += _between(old["items"], new["items"], roots, f"{place}[]")
    return found + _choices(old, new, roots, place)


def _properties(old: Schema, new: Schema, roots: tuple[Schema, Schema], place: str) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    found = [
        f"{place}.{name}: was required and is {'optional' if name in after else 'gone'}"
        for name in sorted(needed - needs)
    ]
    found += [
        f"{place}.{name}: is required and was {'optional' if name in before else 'not there'}"
        for name in sorted(needs - needed)
    ]
    for name in sorted(set(before) & set(after)):
        found += _between(before[name], after[name], roots, f"{place}.{name}")
    return found


def _choices(old: Schema, new: Schema, roots: tuple[Schema, Schema], place: str) -> list[str]:
    before, after = old.get("anyOf", []), new.get("anyOf", [])
    if len(before) != len(after):
        return [f"{place}: its choice of types differs"]
    found = []
    for one, other in zip(before, after, strict=True):
        found += _between(one, other, roots, place)
    return found


def _said(node: Schema, word: str) -> str:
    return json.dumps(node[word], ensure_ascii=False) if word in node else "not said"


def _resolved(node: Schema, root: Schema) -> Schema:
    """Put a definition in the place of its reference; names of definitions are nobody's matter."""
    reference = node.get("$ref")
    if reference is None:
        return node
    rest = {name: value for name, value in node.items() if name != "$ref"}
    definition: Schema = root["$defs"][reference.rpartition("/")[2]]
    return {**definition, **rest}
