"""Columns read from many records at once hold what the codec reads from each."""

import io
import json
import math
import random
import sys
from pathlib import Path

import pytest
from fastavro import parse_schema, schemaless_writer

sys.path.insert(0, str(Path(__file__).parent))
from encoded import ENRICHED, calm, damaged, odd

from tacho_alerter.columns import ColumnReader, NotColumnar
from tacho_alerter.rules.fields import numeric_fields
from tacho_contracts.codec import MAGIC
from tacho_contracts.errors import Rejected
from tacho_contracts.schemas import schema_fingerprint, schema_text

FIELDS = frozenset(numeric_fields())
SCHEMA = schema_text("EnrichedSample")


def decoded(value):
    try:
        return ENRICHED.decode(value)
    except Rejected:
        return None


@pytest.mark.parametrize("seed", range(10))
def test_what_is_regular_is_decoded_by_the_codec_to_the_same_numbers(seed):
    chance = random.Random(seed)
    values = [ENRICHED.encode(odd(chance, number)) for number in range(2000)]
    values += [damaged(chance, value) or b"" for value in values]
    columns = ColumnReader(SCHEMA, FIELDS).read(values)
    for index in columns.regular.nonzero()[0]:
        sample = decoded(values[index])
        assert sample is not None, values[index].hex()
        for name in FIELDS:
            number = float(columns.numbers[name][index])
            # Compared as Python does, exactly, be it an integer or a double.
            assert number == sample[name] or (math.isnan(number) and math.isnan(sample[name]))
    assert 300 < columns.regular.sum() < len(values)


def test_every_ordinary_sample_is_regular_whatever_it_lacks():
    bare = {"driver_id": None, "brand_name": None, "model_name": None, "color_name": None, "expected_gear": None}
    values = [ENRICHED.encode(calm(number) | (bare if number % 3 else {})) for number in range(300)]
    assert ColumnReader(SCHEMA, frozenset({"gear_low", "speed"})).read(values).regular.all()


def test_what_the_codec_might_one_day_refuse_is_not_regular():
    value = ENRICHED.encode(calm())
    at = value.rindex(b"\x18" + calm()["dims_version"].encode()) - len(b"\0\0\0\0\0\0\0")
    assert value[at] == 0, "the byte of the boolean"
    odd_boolean = value[:at] + b"\2" + value[at + 1 :]
    wide_int = ENRICHED.encode(calm() | {"car_id": 2**31 - 1}).replace(b"\xfe\xff\xff\xff\x0f", b"\xfe\xff\xff\xff\x1f")
    assert ENRICHED.decode(wide_int)["car_id"] == 2**32 - 1
    reader = ColumnReader(SCHEMA, frozenset({"speed"}), max_bytes=len(wide_int))
    assert reader.read([value, odd_boolean, wide_int]).regular.tolist() == [True, False, False]
    assert ColumnReader(SCHEMA, frozenset(), max_bytes=len(value) - 1).read([value]).regular.tolist() == [False]


def test_no_record_gives_empty_columns():
    columns = ColumnReader(SCHEMA, frozenset({"speed"})).read([])
    assert columns.regular.shape == columns.numbers["speed"].shape == (0,)


def test_the_columns_follow_the_schema():
    schema = {
        "type": "record",
        "name": "Other",
        "fields": [
            {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
            {"name": "flag", "type": ["null", "boolean"]},
            {"name": "load", "type": ["null", "double"]},
            {"name": "name", "type": {"type": "string"}},
            {"name": "count", "type": "long"},
        ],
    }
    text = json.dumps(schema)
    rows = [{"at": n * 10**9, "flag": None, "load": n / 7, "name": "n" * n, "count": -n} for n in range(60)]
    values = []
    for row in rows:
        out = io.BytesIO()
        schemaless_writer(out, parse_schema(schema, named_schemas={}, _force=True), row)
        values.append(MAGIC + schema_fingerprint(text) + out.getvalue())
    columns = ColumnReader(text, frozenset({"at", "load", "count"})).read(values)
    assert columns.regular.all()
    assert {name: column.tolist() for name, column in columns.numbers.items()} == {
        name: [row[name] for row in rows] for name in ("at", "load", "count")
    }


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ({"type": "array", "items": "int"}, "speed"),
        ({"type": "enum", "name": "E", "symbols": ["A"]}, "speed"),
        (["int", "null"], "speed"),
        (["null", "int", "long"], "speed"),
        ("bytes", "speed"),
        ("string", "extra"),
        ("int", "missing"),
    ],
)
def test_a_type_it_does_not_know_and_a_field_that_is_no_number_are_refused(kind, asked):
    fields = [{"name": "speed", "type": "double"}, {"name": "extra", "type": kind}]
    with pytest.raises(NotColumnar):
        ColumnReader(json.dumps({"type": "record", "name": "R", "fields": fields}), frozenset({asked}))
