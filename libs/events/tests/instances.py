"""Bodies that a closed schema admits, drawn by chance: what its writer may emit one day."""

import re._constants as signs
import re._parser as patterns  # the standard library's own reading of a pattern
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID


class Drawn:
    """Draws instances of one schema of ours; a keyword's edges come up often.

    A type, format or pattern that it does not know raises, so that none is passed over.
    """

    def __init__(self, schema: dict[str, Any], chance: Random) -> None:
        self._root = schema
        self._chance = chance

    def instance(self) -> Any:
        return self._of(self._root)

    def _of(self, node: dict[str, Any]) -> Any:
        if "$ref" in node:
            node = {**self._root["$defs"][node["$ref"].rpartition("/")[2]], **node}
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self._chance.choice(node["enum"])
        if "anyOf" in node:
            return self._of(self._chance.choice(node["anyOf"]))
        return getattr(self, f"_{node.get('type', 'anything')}")(node)

    def _object(self, node: dict[str, Any]) -> dict[str, Any]:
        needed = set(node.get("required", ()))
        return {
            name: self._of(one)
            for name, one in node["properties"].items()
            if name in needed or self._chance.random() < 0.6
        }

    def _array(self, node: dict[str, Any]) -> list[Any]:
        least = node.get("minItems", 0)
        most = min(node.get("maxItems", least + 2), least + 2)
        return [self._of(node.get("items", {})) for _ in range(self._chance.randint(least, most))]

    def _integer(self, node: dict[str, Any]) -> int:
        least, most = node.get("minimum", -(10**12)), node.get("maximum", 10**12)
        return self._chance.choice((least, most, self._chance.randint(least, most)))

    def _string(self, node: dict[str, Any]) -> str:
        if "format" in node:
            return self._formatted(node["format"])
        if "pattern" in node:
            return "".join(self._matching(patterns.parse(node["pattern"])))
        least, most = node.get("minLength", 0), node.get("maxLength", 40)
        size = self._chance.choice((least, most, self._chance.randint(least, most)))
        return "".join(self._chance.choices("abc XYZ-019é", k=size))

    def _formatted(self, kind: str) -> str:
        day = date(1, 1, 1) + timedelta(days=self._chance.randrange(date.max.toordinal()))
        moment = datetime(day.year, day.month, day.day, self._chance.randrange(24), 59, 1, 7)  # noqa: DTZ001
        number = UUID(int=self._chance.getrandbits(128))
        return {"uuid": str(number), "date": str(day), "date-time": f"{moment.isoformat()}Z"}[kind]

    def _boolean(self, _: dict[str, Any]) -> bool:
        return self._chance.random() < 0.5

    def _null(self, _: dict[str, Any]) -> None:
        return None

    def _anything(self, _: dict[str, Any]) -> Any:
        return self._chance.choice((None, True, 7, "any", [], {}))

    def _matching(self, pattern: Any) -> list[str]:
        made = []
        for sign, what in pattern:
            if sign is signs.LITERAL:
                made.append(chr(what))
            elif sign is signs.IN:
                made.append(self._one_of(self._chance.choice(what)))
            elif sign is signs.SUBPATTERN:
                made += self._matching(what[-1])
            elif sign is signs.MAX_REPEAT:
                least, most, again = what
                times = self._chance.randint(least, min(most, least + 3))
                made += [text for _ in range(times) for text in self._matching(again)]
            elif sign is not signs.AT:
                raise NotImplementedError(f"teach instances.py the sign {sign}")
        return made

    def _one_of(self, choice: Any) -> str:
        sign, what = choice
        if sign is signs.RANGE:
            return chr(self._chance.randint(*what))
        if choice == (signs.CATEGORY, signs.CATEGORY_DIGIT):
            return self._chance.choice("0123456789")
        if sign is signs.LITERAL:
            return chr(what)
        raise NotImplementedError(f"teach instances.py the sign {sign}")
