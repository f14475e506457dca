"""Just enough YAML to write a document of dicts, lists and scalars, readable and stable."""

import json
import re
from typing import Any

_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_./-]*$")
_WORDS_OF_YAML = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def yaml_text(document: dict[str, Any]) -> str:
    """Write a document as YAML; strings are quoted as JSON unless they are plain words."""
    return "\n".join(_lines(document, "")) + "\n"


def _lines(node: dict[str, Any] | list[Any], indent: str) -> list[str]:
    lines = []
    if isinstance(node, dict):
        for name, value in node.items():
            lines += _item(f"{indent}{_scalar(name)}:", value, indent + "  ")
    else:
        for value in node:
            lines += _item(f"{indent}-", value, indent + "  ")
    return lines


def _item(opening: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, (dict, list)) and value:
        return [opening, *_lines(value, indent)]
    return [f"{opening} {_scalar(value)}"]


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    return json.dumps(value, ensure_ascii=False)
