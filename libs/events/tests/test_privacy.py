"""The vocabulary of the stream: each field has its class, and no field can name a person."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Field

from cleanclaim.events.catalog import CATALOG, Entry, entry_of
from cleanclaim.events.claims import ClaimHeld
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_body
from cleanclaim.events.generate.schemas import body_schema
from cleanclaim.events.vocabulary import Code, Part, limited, plain

EVERY_CONTRACT = pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)

# 45 CFR 164.514(e)(2): what a limited data set may not hold, and where free text could hide it.
FORBIDDEN = re.compile(
    r"name|address|street|city|postal|zip|county|birth|born|death|(^|_)age$|phone|fax|email|mail_"
    r"|ssn|social_security|member|subscriber|guarantor|beneficiar|medical_record|mrn"
    r"|account_number|license|vehicle|device|url|ip_address|photo|external_id|reference"
    r"|note|text|message|comment|description|remark$|gender|(^|_)sex$|(^|_)race"
)
# A public directory of organizations, payers and billing providers; nobody's home stands in it.
DIRECTORY_ALONE = frozenset(
    {
        "name",
        "remittance_names",
        "address",
        "appeal_address",
        "street",
        "street_second_line",
        "city",
        "postal_code",
    }
)


def fields_of(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for shape in (schema, *schema["$defs"].values()):
        yield from shape["properties"].items()


def unmarked(schema: Any) -> list[str]:
    """Fields that have no privacy class of a stream, or no sentence that says what they are."""
    return [
        name
        for name, field in fields_of(schema)
        if field.get("x-phi") not in {"none", "limited"}
        or not field.get("description", "").endswith(".")
    ]


@EVERY_CONTRACT
def test_every_field_has_a_privacy_class_and_a_meaning(entry: Entry) -> None:
    assert unmarked(body_schema(entry)) == [], "mark them plain() or limited(); say what they are"


class Deep(Part):
    """A shape within a rumour."""

    person: Annotated[Code, Field(description="Who.", json_schema_extra={"x-phi": "direct"})]


class Rumour(Fact):
    """A fact as none may be."""

    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    bare: int
    unsaid: Annotated[int, plain("no sentence")]
    deep: Annotated[Deep, limited("More of it.")]


def test_a_direct_identifier_or_an_unmarked_field_is_found_at_any_depth() -> None:
    schema = body_schema(replace(entry_of(ClaimHeld), model=Rumour))

    assert unmarked(schema) == ["bare", "unsaid", "person"]


@EVERY_CONTRACT
def test_no_field_could_hold_a_direct_identifier_or_free_text(entry: Entry) -> None:
    allowed = DIRECTORY_ALONE if entry.topic == "cleanclaim.directory" else frozenset()
    found = {name for name, _ in fields_of(body_schema(entry)) if FORBIDDEN.search(name)}

    assert found <= allowed


def test_the_walk_finds_what_must_not_be_there() -> None:
    planted = ("patient_name", "born_on", "member_id", "medical_record_number", "external_id")

    assert all(FORBIDDEN.search(name) for name in planted)


@EVERY_CONTRACT
def test_every_text_is_bounded(entry: Entry) -> None:
    def texts(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, list):
            for one in node:
                yield from texts(one)
        elif isinstance(node, dict):
            if node.get("type") == "string":
                yield node
            for one in node.values():
                yield from texts(one)

    for text in texts(body_schema(entry)):
        assert {"maxLength", "pattern", "enum", "const", "format"} & set(text), text


@EVERY_CONTRACT
def test_money_is_whole_cents_and_days_and_instants_are_named_for_what_they_are(
    entry: Entry,
) -> None:
    for name, field in fields_of(body_schema(entry)):
        kinds = {
            json.dumps(one.get("format", one.get("type")))
            for one in (field.get("anyOf") or [field])
        }
        kinds -= {'"null"'}
        assert (kinds == {'"integer"'}) or not name.endswith("_cents"), name
        assert (kinds == {'"date"'}) == name.endswith("_on"), name
        assert (kinds == {'"date-time"'}) == name.endswith("_at"), name
        assert '"number"' not in kinds, f"{name}: a JSON number passes through binary fractions"


@EVERY_CONTRACT
def test_examples_tell_of_nobody(entry: Entry) -> None:
    if entry.topic != "cleanclaim.directory":
        assert not re.search(r"@|\b\d{3}-\d{2}-\d{4}\b", json.dumps(example_body(entry.model)))
