"""Every published example of every record, read by those who read any topic."""

import pytest

from tacho.commands.tail import line_of
from tacho.consume.decoding import decode
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.examples import Example, iter_examples

PASSING = [
    (record, example)
    for topic in load_catalogue().topics.values()
    for record in topic.records
    for example in iter_examples(record)
    if example.passes
]


@pytest.mark.parametrize(("record", "example"), PASSING, ids=[f"{record}-{e.name}" for record, e in PASSING])
def test_tail_reads_every_example(record: str, example: Example) -> None:
    value = Codec(record).encode(example.payload)
    assert decode(value) == example.payload
    for as_objects in (True, False):
        line = line_of(value, car=None, rule=None, as_objects=as_objects)
        assert line
        assert "not readable" not in line
