"""Who may import whom, where import-linter cannot see it: the list of walls and the manifests."""

import configparser
import importlib
import tomllib
from collections import defaultdict

import pytest

from .source import ROOT, Source, imports, python_sources, services


def _walls() -> configparser.ConfigParser:
    walls = configparser.ConfigParser(interpolation=None)
    walls.read(ROOT / ".importlinter", encoding="utf-8")
    return walls


_LISTING_SERVICES = {
    "importlinter:contract:services-never-meet": "modules",
    "importlinter:contract:rooms": "containers",
    "importlinter:contract:libraries": "layers",
    "importlinter:contract:standalone": "forbidden_modules",
    "importlinter:contract:tools-stay-outside": "source_modules",
}


@pytest.mark.parametrize("wall", sorted(_LISTING_SERVICES))
def test_every_service_stands_behind_every_wall(wall: str) -> None:
    listed = _walls()[wall][_LISTING_SERVICES[wall]].replace("|", " ").split()
    missing = [name for name in services() if f"cleanclaim.{name}" not in listed]

    assert not missing, f"add {missing} to [{wall}] in .importlinter: it does not notice by itself"


def test_every_wall_says_what_to_do_instead() -> None:
    walls = _walls()
    silent = [
        section
        for section in walls.sections()
        if section.startswith("importlinter:contract:")
        and not walls[section].get("broken_contract_guidance")
    ]

    assert not silent, f"give {silent} a broken_contract_guidance"


def _declared(package: str) -> set[str]:
    manifest = tomllib.loads((ROOT / package / "pyproject.toml").read_text(encoding="utf-8"))
    return {name for name in manifest["project"]["dependencies"] if name.startswith("cleanclaim-")}


def undeclared(source: Source, declared: set[str], own: str) -> list[str]:
    """Our own packages that a file imports and its package does not declare."""
    found = []
    for line, name in imports(source):
        parts = name.split(".")
        if parts[0] == "cleanclaim" and len(parts) > 1 and parts[1] != own:
            package = f"cleanclaim-{parts[1]}"
            if package not in declared:
                found.append(f"{source.path}:{line}: {package} is imported and not declared")
    return found


def test_each_package_declares_what_it_imports_of_ours() -> None:
    by_package: dict[str, list[Source]] = defaultdict(list)
    for source in python_sources():
        if source.package and "src" in source.parts:
            by_package[source.package].append(source)

    offences = [
        line
        for package, sources in by_package.items()
        for source in sources
        for line in undeclared(source, _declared(package), package.split("/")[1])
    ]

    assert not offences, "add it to dependencies in pyproject.toml\n" + "\n".join(offences)


def test_an_undeclared_import_of_ours_is_found() -> None:
    source = Source(
        path="services/claims/src/cleanclaim/claims/api.py", text="import cleanclaim.x12\n"
    )

    assert undeclared(source, set(), "claims")
    assert not undeclared(source, {"cleanclaim-x12"}, "claims")
    assert not undeclared(source, set(), "x12")


def disagreements(told: dict[str, set[str]], heard: dict[str, set[str]]) -> list[str]:
    """Where the catalog's listeners and the services' subscription tables differ."""
    return [
        f"{name}: the catalog lists {sorted(told.get(name, set()))}, "
        f"events_in subscribes {sorted(heard.get(name, set()))}"
        for name in sorted(told.keys() | heard.keys())
        if told.get(name, set()) != heard.get(name, set())
    ]


def test_the_catalog_names_exactly_those_who_listen() -> None:
    listening = {
        source.parts[1]
        for source in python_sources()
        if source.is_shipped and source.parts[0] == "services" and source.room == "events_in"
    }
    catalog = importlib.import_module("cleanclaim.events.catalog").CATALOG
    told = {entry.type: set(entry.listeners) & listening for entry in catalog}
    heard: dict[str, set[str]] = defaultdict(set)
    for service in listening:
        for subscription in importlib.import_module(
            f"cleanclaim.{service}.events_in"
        ).SUBSCRIPTIONS:
            heard[subscription.entry.type].add(service)

    differing = disagreements({k: v for k, v in told.items() if v}, heard)

    assert not differing, "\n".join(differing)


def test_a_listener_that_the_catalog_does_not_name_is_found() -> None:
    assert disagreements({"A": {"claims"}}, {"A": {"claims", "denials"}})
    assert disagreements({"A": {"claims"}}, {})
    assert not disagreements({"A": {"claims"}}, {"A": {"claims"}})
