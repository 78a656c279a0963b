"""Every published example fits its schema, and every record has some."""

import pytest

from tacho_contracts.catalogue import Catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.examples import Example, iter_examples
from tacho_contracts.schemas import records

EXAMPLES = [(record, example) for record in records() for example in iter_examples(record)]


@pytest.mark.parametrize(("record", "example"), EXAMPLES, ids=[f"{r}-{e.name}" for r, e in EXAMPLES])
def test_an_example_survives_the_wire(record: str, example: Example) -> None:
    assert Codec(record).decode(Codec(record).encode(example.payload)) == example.payload


def test_every_record_has_a_passing_example() -> None:
    assert {record for record, example in EXAMPLES if example.passes} == set(records())


def test_every_failing_example_names_a_reason_of_the_closed_list(catalogue: Catalogue) -> None:
    for record, example in EXAMPLES:
        assert example.passes == (example.reason is None), f"{record}/{example.name}"
        assert example.reason is None or example.reason in catalogue.reject_reasons, f"{record}/{example.name}"
