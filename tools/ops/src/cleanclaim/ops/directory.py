"""The directory, entry by entry: added once, the same entry again changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cleanclaim.ops.doors import DIRECTORY, LOOK, Doors
from cleanclaim.ops.errors import OpsError

ADDED, THERE, REPLACED = "added", "there already", "replaced"
Entry = dict[str, Any]


class DiffersError(OpsError):
    """An entry of that identity is there, with other content."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: its list, its resource in scopes, and the field that identifies it."""

    name: str
    path: str
    resource: str
    identity: str

    def scope(self, letters: str) -> str:
        return f"system/{self.resource}.{letters}"


PROVIDER = Kind("provider", "/v1/providers", "Provider", "npi")
PAYER = Kind("payer", "/v1/payers", "Payer", "payer_identifier")
CONNECTION = Kind("connection", "/v1/connections", "Connection", "name")
# an answer holds no social security number, so it cannot be compared
_NEVER_SHOWN = frozenset({"tin"})


def organizations(doors: Doors) -> list[Entry]:
    """Every organization that claims, the directory's owner, has."""
    return list(doors.every("claims", "/v1/platform/organizations", scope=LOOK))


def add_organization(doors: Doors, wanted: Mapping[str, Any]) -> tuple[str, Entry]:
    """Set an organization up; one of that name (or `organization_id`) is left as it is.

    Raises:
        DiffersError: it is there with another time zone or environment.
    """
    chosen = wanted.get("organization_id")
    for one in organizations(doors):
        if one["id"] == chosen if chosen else one["name"] == wanted["name"]:
            _same(f"organization {one['name']}", _plain(wanted), one)
            return THERE, one
    body = {name: value for name, value in wanted.items() if value is not None}
    return ADDED, doors.post("claims", "/v1/organizations", body, scope=DIRECTORY)


def entries(doors: Doors, kind: Kind, organization: str) -> list[Entry]:
    """Every entry of a kind, in the order in which they were added."""
    scope = kind.scope("s")
    return list(doors.every("claims", kind.path, scope=scope, organization=organization))


def add_entry(
    doors: Doors, kind: Kind, wanted: Mapping[str, Any], *, organization: str, replace: bool
) -> tuple[str, Entry]:
    """Add an entry, or find it there by what identifies it.

    Raises:
        DiffersError: it is there with other content and `replace` was not said, or it has
            several dated versions, which only the API changes.
    """
    sought = _identity(kind, wanted)
    for one in entries(doors, kind, organization):
        if sought not in _identities(kind, one):
            continue
        try:
            _same(f"{kind.name} {sought}", _content(wanted), _content(one))
            _same(f"{kind.name} {sought}", _linked(wanted), one)
        except DiffersError:
            if not replace:
                raise
            return REPLACED, _replaced(doors, kind, one, wanted, organization)
        return THERE, one
    body = {name: value for name, value in wanted.items() if value is not None}
    scope = kind.scope("c")
    return ADDED, doors.post("claims", kind.path, body, scope=scope, organization=organization)


def _replaced(
    doors: Doors, kind: Kind, one: Entry, wanted: Mapping[str, Any], organization: str
) -> Entry:
    if len(one.get("versions", [])) > 1:
        raise DiffersError(
            f"{kind.name} {_identity(kind, wanted)} has {len(one['versions'])} dated versions;"
            f" replace them whole: PUT {kind.path}/{one['id']}"
        )
    place = f"{kind.path}/{one['id']}"
    read = doors.read("claims", place, scope=kind.scope("r"), organization=organization)
    replaced: Entry = doors.put(
        "claims",
        place,
        {name: value for name, value in wanted.items() if value is not None},
        scope=kind.scope("u"),
        organization=organization,
        etag=read.headers["etag"],
    )
    return replaced


def connection_id(doors: Doors, name: str, organization: str) -> str:
    """The id of the connection of that name.

    Raises:
        OpsError: there is none.
    """
    known = entries(doors, CONNECTION, organization)
    for one in known:
        if one["name"] == name:
            return str(one["id"])
    there = ", ".join(one["name"] for one in known) or "none"
    raise OpsError(f"there is no connection {name} (there are: {there}); add it first")


def _identity(kind: Kind, wanted: Mapping[str, Any]) -> str:
    return str(_content(wanted)[kind.identity])


def _identities(kind: Kind, one: Entry) -> set[str]:
    versions = one.get("versions") or [one]
    return {str(version[kind.identity]) for version in versions}


def _content(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of an entry: of dated ones their last version."""
    versions = entry.get("versions")
    return versions[-1] if versions else entry


def _linked(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in wanted.items() if name == "connection_id"}


def _plain(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in wanted.items() if name != "organization_id"}


def _same(what: str, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> None:
    different = sorted(
        name
        for name, value in wanted.items()
        if value is not None and name != "versions" and not _agrees(name, value, there.get(name))
    )
    if different:
        raise DiffersError(
            f"{what} is there already, but differs in {', '.join(different)}; --replace, where the"
            " command has it, sets it to what you gave"
        )


def _agrees(name: str, wanted: Any, there: Any) -> bool:
    if name in _NEVER_SHOWN and there is None:
        return True
    if isinstance(wanted, Mapping) and isinstance(there, Mapping):
        return all(there.get(key) == value for key, value in wanted.items())
    return bool(wanted == there)
