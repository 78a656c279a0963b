"""Every published example fits its schema, and every record has some."""

import json
from typing import Any

import pytest

from tacho_contracts.catalogue import Catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.examples import Example, iter_examples
from tacho_contracts.schemas import records, schema_text

EXAMPLES = [(record, example) for record in records() for example in iter_examples(record)]


def as_bytes(schema: Any, value: Any) -> Any:
    """Bytes are written in the example files as Avro's JSON form has them: one character per byte."""
    if isinstance(schema, list):
        branch = next(part for part in schema if (part == "null") == (value is None))
        return as_bytes(branch, value)
    if schema == "bytes":
        return value.encode("latin-1")
    if isinstance(schema, dict) and schema["type"] == "record":
        types = {field["name"]: field["type"] for field in schema["fields"]}
        return {name: as_bytes(types[name], part) for name, part in value.items()}
    if isinstance(schema, dict) and schema["type"] == "array":
        return [as_bytes(schema["items"], part) for part in value]
    return value


@pytest.mark.parametrize(("record", "example"), EXAMPLES, ids=[f"{r}-{e.name}" for r, e in EXAMPLES])
def test_an_example_survives_the_wire(record: str, example: Example) -> None:
    payload = as_bytes(json.loads(schema_text(record)), example.payload)
    assert Codec(record).decode(Codec(record).encode(payload)) == payload


def test_every_record_has_a_passing_example() -> None:
    assert {record for record, example in EXAMPLES if example.passes} == set(records())


def test_every_failing_example_names_a_reason_of_the_closed_list(catalogue: Catalogue) -> None:
    for record, example in EXAMPLES:
        assert example.passes == (example.reason is None), f"{record}/{example.name}"
        assert example.reason is None or example.reason in catalogue.reject_reasons, f"{record}/{example.name}"
