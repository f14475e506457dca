"""How domain values become JSON of a row and again what they were: equal after the round trip."""

import dataclasses
from datetime import date
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

T = TypeVar("T")


def as_json(value: Any) -> Any:
    """A frozen value as plain JSON: ids and days as text, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: as_json(getattr(value, field.name)) for field in fields}
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    if isinstance(value, UUID | date):
        return str(value) if isinstance(value, UUID) else value.isoformat()
    return value


def from_json(kind: type[T], kept: Any) -> T:
    """The value that `as_json` wrote; fields that a row lacks take their defaults."""
    hints = get_type_hints(kind)
    fields = {field.name: hints[field.name] for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    given = {name: _read(fields[name], value) for name, value in kept.items() if name in fields}
    return kind(**given)


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        return _read(next(one for one in get_args(hint) if one is not type(None)), value)
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], one) for one in value)
    return _read_plain(hint, value)


def _read_plain(hint: Any, value: Any) -> Any:
    if hint is UUID:
        return UUID(value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return from_json(hint, value)
    return value
