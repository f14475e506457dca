"""The vocabulary of the stream: each field has its class, and no field can name a person."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from cleanclaim.events.catalog import CATALOG, Entry
from cleanclaim.events.examples import example_body
from cleanclaim.events.generate.schemas import body_schema

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


@EVERY_CONTRACT
def test_every_field_has_a_privacy_class_and_a_meaning(entry: Entry) -> None:
    for name, field in fields_of(body_schema(entry)):
        assert field.get("x-phi") in {"none", "limited"}, f"{name}: mark it plain() or limited()"
        assert field.get("description", "").endswith("."), f"{name}: say what it is"


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
