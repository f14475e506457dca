"""The generated documents: AsyncAPI holds together, YAML is YAML, the page names every field."""

from collections.abc import Iterator
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from cleanclaim.events.catalog import CATALOG, TOPICS
from cleanclaim.events.examples import example_body
from cleanclaim.events.generate.asyncapi import asyncapi_document
from cleanclaim.events.generate.page import reference_page
from cleanclaim.events.generate.schemas import body_schema
from cleanclaim.events.generate.yaml_text import yaml_text


def references_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for word, value in node.items():
            if word == "$ref":
                yield value
            else:
                yield from references_in(value)
    elif isinstance(node, list):
        for one in node:
            yield from references_in(one)


def found_at(document: Any, pointer: str) -> Any:
    for step in pointer.removeprefix("#/").split("/"):
        document = document[step]
    return document


def test_yaml_reads_back_as_the_document() -> None:
    document = asyncapi_document()

    assert yaml.safe_load(yaml_text(document)) == document


def test_yaml_quotes_what_would_change_its_kind() -> None:
    odd = {"on": ["yes", "null", "1.0", "- a", "a: b", "#x", "", "ü", "~"], "e": {}, "n": [None, 1]}

    assert yaml.safe_load(yaml_text(odd)) == odd


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi_document()

    for pointer in set(references_in(document)):
        assert found_at(document, pointer)


def test_the_asyncapi_document_names_every_topic_fact_and_hearer() -> None:
    document = asyncapi_document()

    assert set(document["channels"]) == set(TOPICS)
    assert {one["name"] for one in document["components"]["messages"].values()} == {
        entry.type for entry in CATALOG
    }
    heard = {
        (name.partition(".")[0], one["$ref"].rpartition("/")[2])
        for name, operation in document["operations"].items()
        if operation["action"] == "receive"
        for one in operation["messages"]
    }
    assert heard == {
        (service, f"{entry.name}.v{entry.major}")
        for entry in CATALOG
        for service in entry.listeners
    }


def test_the_asyncapi_schemas_take_the_examples() -> None:
    document = asyncapi_document()

    for entry in CATALOG:
        label = f"#/components/schemas/{entry.name}.v{entry.major}"
        validator = Draft202012Validator({"$ref": label, "components": document["components"]})
        assert validator.is_valid(example_body(entry.model)), entry.name


def test_the_page_names_every_fact_and_every_field() -> None:
    page = reference_page()

    for entry in CATALOG:
        section = page.partition(f"## {entry.name} v{entry.major}\n")[2].partition("\n## ")[0]
        fields = {
            name for shape in body_schema(entry)["$defs"].values() for name in shape["properties"]
        } | set(entry.model.model_fields)
        missing = {
            one
            for one in fields - {"organization_id"}
            if f"`{one}`" not in section and f".{one}`" not in section
        }
        assert not missing, entry.name
