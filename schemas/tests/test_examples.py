"""Every published example fits its schema, and every record has some."""

import json

import pytest

from tacho_contracts.catalogue import Catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.examples import Example, iter_examples
from tacho_contracts.schemas import records, schema_text

EXAMPLES = [(record, example) for record in records() for example in iter_examples(record)]


def as_bytes(record: str, payload: dict[str, object]) -> dict[str, object]:
    """Bytes fields are written in the example files as Avro's JSON form has them: one character per byte."""
    bytes_fields = {
        field["name"] for field in json.loads(schema_text(record))["fields"] if "bytes" in str(field["type"])
    }
    return {
        name: value.encode("latin-1") if name in bytes_fields and isinstance(value, str) else value
        for name, value in payload.items()
    }


@pytest.mark.parametrize(("record", "example"), EXAMPLES, ids=[f"{r}-{e.name}" for r, e in EXAMPLES])
def test_an_example_survives_the_wire(record: str, example: Example) -> None:
    payload = as_bytes(record, example.payload)
    assert Codec(record).decode(Codec(record).encode(payload)) == payload


def test_every_record_has_a_passing_example() -> None:
    assert {record for record, example in EXAMPLES if example.passes} == set(records())


def test_every_failing_example_names_a_reason_of_the_closed_list(catalogue: Catalogue) -> None:
    for record, example in EXAMPLES:
        assert example.passes == (example.reason is None), f"{record}/{example.name}"
        assert example.reason is None or example.reason in catalogue.reject_reasons, f"{record}/{example.name}"
