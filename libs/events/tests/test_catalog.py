"""The catalogue: every contract is in it once, with all that a reader needs to know."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from cleanclaim.events import accounts, claims, denials, intake, reconcile, remittance
from cleanclaim.events.catalog import (
    CATALOG,
    TOPICS,
    Entry,
    entry_named,
    entry_of,
    heard_by,
    key_of,
    majors_of,
    name_and_major,
    told_by,
    topics_told_by,
)
from cleanclaim.events.envelope import BODY_FIELDS, Fact
from cleanclaim.events.examples import example_of
from cleanclaim.events.generate.schemas import body_schema
from cleanclaim.events.places import (
    EXAMPLES,
    example_path,
    invalid_example_paths,
    released_wire_paths,
    wire_path,
)

EVERY_CONTRACT = pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)
TELLERS = {
    "accounts": accounts,
    "claims": claims,
    "denials": denials,
    "intake": intake,
    "reconcile": reconcile,
    "remittance": remittance,
}


def contracts_in(module: object) -> set[type[Fact]]:
    return {
        one
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Fact) and one is not Fact and name[0] != "_"
    }


def classes_in(schema: object) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["x-phi"]} if isinstance(schema.get("x-phi"), str) else set()
        return own.union(*(classes_in(one) for one in schema.values()))
    return set().union(*(classes_in(one) for one in schema)) if isinstance(schema, list) else set()


@pytest.mark.parametrize("teller", TELLERS)
def test_a_teller_tells_exactly_the_contracts_of_its_module(teller: str) -> None:
    assert {entry.model for entry in told_by(teller)} == contracts_in(TELLERS[teller])


@EVERY_CONTRACT
def test_a_contract_is_named_for_its_teller(entry: Entry) -> None:
    assert entry.type == f"cleanclaim.{entry.teller}.{entry.name}.v{entry.major}"
    assert name_and_major(entry.model) == (entry.name, entry.major)
    assert entry_named(entry.type) is entry
    assert entry_of(entry.model) is entry


@EVERY_CONTRACT
def test_a_contract_has_listeners_or_says_whom_it_is_for(entry: Entry) -> None:
    assert bool(entry.listeners) != bool(entry.outside)
    assert entry.listeners <= set(TELLERS) - {entry.teller}


@EVERY_CONTRACT
def test_a_contract_has_a_topic_of_its_teller_and_an_id_for_its_key(entry: Entry) -> None:
    assert TOPICS[entry.topic].teller == entry.teller
    assert body_schema(entry)["properties"][entry.key]["format"] == "uuid"
    assert entry.key in entry.model.model_json_schema()["required"]
    assert key_of(example_of(entry.model).fact) == example_of(entry.model).envelope.aggregate_id


@EVERY_CONTRACT
def test_a_contract_says_the_highest_privacy_class_of_its_fields(entry: Entry) -> None:
    found = classes_in(body_schema(entry))

    assert entry.phi == ("limited" if "limited" in found else "none")


@EVERY_CONTRACT
def test_a_fact_does_not_use_a_word_of_the_envelope(entry: Entry) -> None:
    shared = set(entry.model.model_fields) & set(BODY_FIELDS)

    # An organization's own id is the envelope's too, and the writer holds them equal.
    allowed = {"organization_id"} if entry.name == "OrganizationConfigured" else set()
    assert shared == allowed


@EVERY_CONTRACT
def test_a_contract_has_examples_that_hold_and_examples_that_do_not(entry: Entry) -> None:
    assert example_path(entry).exists()
    assert wire_path(entry).exists()
    assert len(invalid_example_paths(entry)) >= 3


def test_every_example_belongs_to_a_contract() -> None:
    owned: set[Path] = set()
    for entry in CATALOG:
        owned |= {example_path(entry), wire_path(entry), *invalid_example_paths(entry)}
        owned |= set(released_wire_paths(entry))

    assert set(EXAMPLES.rglob("*.json")) == owned


def test_types_are_unique_and_every_topic_is_used() -> None:
    assert max(Counter(entry.type for entry in CATALOG).values()) == 1
    assert {entry.topic for entry in CATALOG} == set(TOPICS)


def test_only_the_directory_is_compacted() -> None:
    assert [one.name for one in TOPICS.values() if one.compacted] == ["cleanclaim.directory"]


def test_topics_and_hearers_are_found_by_service() -> None:
    assert [one.name for one in topics_told_by("remittance")] == [
        "cleanclaim.remittances",
        "cleanclaim.postings",
    ]
    assert "ClaimDenied" in {entry.name for entry in heard_by("denials")}
    assert topics_told_by("nobody") == ()


def test_majors_are_known_whatever_major_is_asked() -> None:
    assert majors_of("cleanclaim.denials.DenialOpened.v12") == (1,)
    assert majors_of("cleanclaim.denials.DenialForgotten.v1") == ()
    assert majors_of("something else") == ()


def test_a_model_outside_the_catalogue_is_refused_by_name() -> None:
    class Rumour(Fact):
        """Nobody's fact."""

    with pytest.raises(LookupError, match="Rumour is not in the catalogue: add it there"):
        entry_of(Rumour)


def test_a_directory_entry_gives_the_version_of_a_day() -> None:
    payer = example_of(claims.PayerConfigured).fact
    assert isinstance(payer, claims.PayerConfigured)

    last_year, today = payer.version_on(date(2025, 12, 31)), payer.version_on(date(2026, 1, 1))
    assert last_year is not None
    assert today is not None
    assert (last_year.timely_filing_days, today.timely_filing_days) == (365, 180)
    assert payer.version_on(date(2019, 12, 31)) is None
    provider = example_of(claims.ProviderConfigured).fact
    assert isinstance(provider, claims.ProviderConfigured)
    assert provider.version_on(date(2026, 1, 1)) == provider.versions[0]
    assert provider.version_on(date(2019, 1, 1)) is None


def test_the_example_of_the_book_is_balanced() -> None:
    entry = example_of(accounts.JournalPosted).fact
    assert isinstance(entry, accounts.JournalPosted)

    assert sum(posting.amount_cents for posting in entry.postings) == 0
