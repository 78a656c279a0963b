"""From the bytes of a record to a sample: Avro by fingerprint or strict JSON, never trusting what the bytes say.

Two selects: the first decodes, the second compares and chooses. Spark keeps them apart because the second uses
the decoded structs more than once; a filter in between would decode twice.
"""

import json
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro, to_avro

from tacho_contracts.codec import HEADER_BYTES, MAGIC, MAX_RECORD_BYTES, without_logical_types
from tacho_contracts.schemas import WriterSchema, schema_text, writer_schemas

AVRO, JSON, UNKNOWN = "avro", "json", "unknown"
SAMPLE_FIELDS = ("event_id", "car_id", "sequence", "event_time", "speed", "rpm", "gear")
_SAMPLE_DDL = "event_id string, car_id int, sequence long, event_time long, speed double, rpm int, gear int"
_STRICT_JSON = {
    "mode": "PERMISSIVE",
    "allowSingleQuotes": "false",
    "allowNonNumericNumbers": "false",
}
# Every field is a number or a plain string, so one pair of braces is all there may be; the parser itself stops
# reading at the closing brace and would not see what follows it.
_FLAT_OBJECT = r"^\{[^{}\[\]]*\}\s*$"


def plain_schema(text: str) -> str:
    """An avsc without logical types, so that a timestamp stays the long it is: a conversion could overflow."""
    return json.dumps(without_logical_types(json.loads(text)))


def decode_avro(records: DataFrame, *names: str) -> DataFrame:
    """Records of the Kafka source with `form`, `fingerprint`, `known`, `intact`, and a column for each of `names`.

    form: avro, json or unknown; known: whether the writer's schema is; intact: whether it encodes back to the very
    bytes it came from. The column named like a record: its content in this reader's version, null where the bytes are
    another record's or do not decode.
    """
    writers = [writer for name in names for writer in writer_schemas(name)]
    sized = F.length("value").between(1, MAX_RECORD_BYTES)
    is_avro = (F.substring("value", 1, len(MAGIC)) == F.lit(MAGIC)) & (F.length("value") >= HEADER_BYTES)
    is_json = F.substring("value", 1, 1) == F.lit(b"{")
    form = F.when(sized & is_avro, AVRO).when(sized & is_json, JSON).otherwise(UNKNOWN)
    body = F.expr(f"substring(value, {HEADER_BYTES + 1})")
    fingerprint = F.substring("value", len(MAGIC) + 1, HEADER_BYTES - len(MAGIC))
    staged = records.withColumns({"form": form, "fingerprint": fingerprint, "body": body})
    decoded = staged.withColumns({_written(writer): _decoded(writer) for writer in writers})
    known = reduce(Column.__or__, (F.col("fingerprint") == F.lit(writer.fingerprint) for writer in writers))
    return decoded.withColumns(
        {
            "known": known,
            "intact": F.coalesce(*(_intact(writer) for writer in writers), F.lit(True)),
            **{name: F.coalesce(*(_read(writer) for writer in writers if writer.record == name)) for name in names},
        }
    ).drop("body", *(_written(writer) for writer in writers))


def decode_log(records: DataFrame, heartbeats: bool) -> DataFrame:
    """The same for the log: a sensor sample is in `sample`, JSON taken too, a Heartbeat's time [ms] in `heartbeat_at`.

    heartbeats: whether they are decoded; to a reader that only counts samples they are of an unknown schema.
    """
    names = ("SensorSample", "Heartbeat") if heartbeats else ("SensorSample",)
    decoded = decode_avro(records, *names)
    at = F.col("Heartbeat.at") if heartbeats else F.lit(None).cast("long")
    sample = F.coalesce("SensorSample", _from_json(_SAMPLE_DDL))
    return decoded.withColumns({"sample": sample, "heartbeat_at": at}).drop(*names)


def _written(writer: WriterSchema) -> str:
    return f"{writer.record}_v{writer.version}"


def _is(writer: WriterSchema) -> Column:
    return (F.col("form") == AVRO) & (F.col("fingerprint") == F.lit(writer.fingerprint))


def _decoded(writer: WriterSchema) -> Column:
    return from_avro(_body_of(writer), plain_schema(writer.text), {"mode": "PERMISSIVE"})


def _body_of(writer: WriterSchema) -> Column:
    """The body where this writer wrote it, else null, which decodes to null.

    The condition is inside from_avro because asking that for its type costs Spark a copy of Hadoop's settings, and a
    condition around it would ask again at each step of planning.
    """
    return F.when(_is(writer), F.col("body"))


def _intact(writer: WriterSchema) -> Column:
    """Whether the body is exactly what its content encodes to; null for another writer or an undecodable body."""
    schema = json.loads(writer.text)
    required = next(field["name"] for field in schema["fields"] if not isinstance(field["type"], list))
    content = F.col(_written(writer))
    decodes = _is(writer) & content[required].isNotNull()
    return F.when(decodes, to_avro(content, plain_schema(writer.text)) == F.col("body"))


def _read(writer: WriterSchema) -> Column:
    """The writer's content as the reader's record; decoded anew where the two versions differ."""
    reader = schema_text(writer.record)
    if writer.text == reader:
        return F.when(_is(writer), F.col(_written(writer)))
    return from_avro(
        _body_of(writer), plain_schema(writer.text), {"mode": "PERMISSIVE", "avroSchema": plain_schema(reader)}
    )


def _from_json(ddl: str) -> Column:
    """The sample in a JSON object with exactly the contract's keys; null when it has others or is no such object."""
    text = F.col("value").cast("string")
    keys = F.array_sort(F.json_object_keys(text))
    strict = F.is_valid_utf8(text) & text.rlike(_FLAT_OBJECT) & (keys == F.lit(sorted(SAMPLE_FIELDS)))
    return F.when((F.col("form") == JSON) & strict, F.from_json(text, ddl, _STRICT_JSON))
