"""Our checker says what Apache Avro's own says, over every released schema and what people do to one."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse
from hypothesis import given, settings
from hypothesis import strategies as st

from tacho.aws.compatibility import flaws, unreadable
from tacho.aws.publishing import publication
from tacho.errors import TachoError
from tacho_contracts.schemas import WriterSchema, records, schema_fingerprint, schema_text

Change = Callable[[dict[str, Any]], None]


def avro_says(reader: str, writer: str) -> bool:
    checker: Any = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
    result = checker.get_compatibility(parse(reader), parse(writer))
    return bool(result.compatibility is SchemaCompatibilityType.compatible)


def changed(text: str, change: Change) -> str:
    schema = copy.deepcopy(json.loads(text))
    change(schema)
    return json.dumps(schema)


def add(**field: Any) -> Change:
    return lambda schema: schema["fields"].append({"name": "new", **field})


def retype(kind: Any) -> Change:
    return lambda schema: schema["fields"][-1].update(type=kind)


CHANGES: dict[str, tuple[Change, bool]] = {
    "a field with a default": (add(type="int", default=0), True),
    "a nullable field with a default": (add(type=["null", "double"], default=None), True),
    "a field without a default": (add(type="int"), False),
    "a field less": (lambda schema: schema["fields"].pop(), False),
    "an int made a long": (retype("long"), False),
    "an int made a text": (retype("string"), False),
    "an int made nullable": (retype(["null", "int"]), False),
    "another name": (lambda schema: schema.update(name="Other"), False),
    "another doc": (lambda schema: schema.update(doc="other words"), True),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_kind_of_change_is_judged_both_ways(what: str) -> None:
    change, fine = CHANGES[what]
    old = schema_text("SensorSample")
    assert (not flaws({1: old, 2: changed(old, change)})) is fine


@pytest.mark.parametrize("record", records())
def test_every_released_schema_reads_itself(record: str) -> None:
    assert unreadable(schema_text(record), schema_text(record)) == ()


PRIMITIVES = st.sampled_from(["null", "boolean", "int", "long", "float", "double", "string", "bytes"])
# A union with itself inside, or with a type twice, is no schema.
UNIONS = st.lists(PRIMITIVES, min_size=1, max_size=3, unique=True)
ENUMS = st.builds(
    lambda symbols, default: {
        "type": "enum",
        "name": "Kind",
        "symbols": symbols,
        **({"default": symbols[0]} if default else {}),
    },
    st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, unique=True),
    st.booleans(),
)
TYPES = st.one_of(
    PRIMITIVES,
    UNIONS,
    ENUMS,
    PRIMITIVES.map(lambda items: {"type": "array", "items": items}),
    UNIONS.map(lambda values: {"type": "map", "values": values}),
    st.sampled_from([4, 8]).map(lambda size: {"type": "fixed", "name": "Raw", "size": size}),
)
RECORDS = st.dictionaries(st.sampled_from(["a", "b", "c"]), TYPES, max_size=3).filter(
    lambda fields: (
        sum("Kind" in str(kind) for kind in fields.values()) < 2
        and sum("Raw" in str(kind) for kind in fields.values()) < 2
    )
)


def record_of(fields: dict[str, Any]) -> str:
    return json.dumps(
        {"type": "record", "name": "R", "fields": [{"name": name, "type": kind} for name, kind in fields.items()]}
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(RECORDS, RECORDS)
def test_any_two_records_are_judged_as_apache_avro_judges_them(one: dict[str, Any], other: dict[str, Any]) -> None:
    reader, writer = record_of(one), record_of(other)
    assert (not unreadable(reader, writer)) == avro_says(reader, writer), (reader, writer)


def version(number: int, text: str) -> WriterSchema:
    return WriterSchema("SensorSample", number, text, schema_fingerprint(text))


V1 = schema_text("SensorSample")
V2 = changed(V1, add(type="int", default=0))


def test_missing_versions_are_published_in_order() -> None:
    found = publication("SensorSample", (version(1, V1), version(2, V2)), {1: V1})
    assert [schema.version for schema in found.missing] == [2]


def test_a_version_that_others_cannot_read_is_refused_before_aws_is_asked() -> None:
    wrong = changed(V1, add(type="int"))
    with pytest.raises(TachoError, match="SensorSample is not published: v2 cannot read v1: new has no default"):
        publication("SensorSample", (version(1, V1), version(2, wrong)), {1: V1})


def test_a_published_version_that_is_not_ours_is_refused() -> None:
    with pytest.raises(TachoError, match="v1 was published with other fields"):
        publication("SensorSample", (version(1, V1),), {1: V2})
    with pytest.raises(TachoError, match="v2 is published and not in schemas/avro"):
        publication("SensorSample", (version(1, V1),), {1: V1, 2: V2})
