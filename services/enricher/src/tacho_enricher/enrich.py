"""The enrichment itself: records in, for each exactly one record out, either enriched or a dead letter."""

import json

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import to_avro

from tacho_contracts.codec import header
from tacho_contracts.schemas import schema_text
from tacho_enricher.decode import SAMPLE_FIELDS, decode_avro, decode_log, plain_schema
from tacho_enricher.dims import Dims
from tacho_enricher.gears import gear_column
from tacho_enricher.rejects import defect

SERVICE = "enricher"
GOOD_TOPIC = "samples-enriched"
REJECT_TOPIC = "dead-letters"
_JOINED_FIELDS = ("driver_id", "brand_name", "model_name", "color_name")


def judged(records: DataFrame, heartbeats: bool = True) -> DataFrame:
    """Records of the Kafka source with `logged_at` (ms), `sample` or `heartbeat_at`, and `defect`, null for a good one.

    heartbeats: see `decode_log`.
    """
    timed = records.withColumn("logged_at", F.unix_millis("timestamp"))
    return decode_log(timed, heartbeats).withColumn("defect", defect())


def enriched(records: DataFrame, dims: Dims, allowed_lateness_seconds: int, heartbeats: bool = True) -> DataFrame:
    """Judged records joined with their car; columns of EnrichedSample beside those of `judged`."""
    speed = F.col("sample.speed")
    joined = judged(records, heartbeats).join(
        F.broadcast(dims.cars), F.col("sample.car_id") == dims.cars.car_id, how="left"
    )
    return joined.select(
        "key",
        "value",
        "topic",
        "partition",
        "offset",
        "defect",
        "heartbeat_at",
        *(F.col(f"sample.{name}") for name in SAMPLE_FIELDS),
        *_JOINED_FIELDS,
        gear_column(F.col("expected_from"), speed).alias("expected_gear"),
        gear_column(F.col("low_from"), speed).alias("gear_low"),
        gear_column(F.col("high_from"), speed).alias("gear_high"),
        # Compared this way round because event_time is any long: a difference could overflow.
        (F.col("sample.event_time") < F.col("logged_at") - allowed_lateness_seconds * 1000).alias("late"),
        "logged_at",
        F.lit(dims.version).alias("dims_version"),
    )


def good(rows: DataFrame) -> DataFrame:
    """The usable samples among enriched rows; a heartbeat is none."""
    return rows.where(F.col("defect").isNull() & F.col("heartbeat_at").isNull())


def alerts(records: DataFrame) -> DataFrame:
    """The content of alert records. What is no alert is left out: the alerter writes them, nobody else may."""
    decoded = decode_avro(records, "Alert")
    return decoded.where(F.col("intact") & F.col("Alert.alert_id").isNotNull()).select("Alert.*")


def outgoing(rows: DataFrame) -> DataFrame:
    """topic, key, value and partition of what each enriched row becomes; a heartbeat is passed on as it is.

    One select, as real-time mode refuses a union.
    """
    is_good = F.col("defect").isNull()
    is_heartbeat = is_good & F.col("heartbeat_at").isNotNull()
    position = F.concat_ws("/", "topic", "partition", "offset")
    return rows.select(
        F.when(is_good, GOOD_TOPIC).otherwise(REJECT_TOPIC).alias("topic"),
        # A good sample's key is its car, checked byte by byte; a good heartbeat has none.
        F.when(is_good, F.col("key")).otherwise(position.cast("binary")).alias("key"),
        F.when(is_heartbeat, F.col("value"))
        .when(is_good, _single_object("EnrichedSample"))
        .otherwise(_dead_letter())
        .alias("value"),
        # Null leaves it to the key. A heartbeat stays on the partition that it speaks for.
        F.when(is_heartbeat, F.col("partition")).alias("partition"),
    )


def _single_object(record: str, **content: Column) -> Column:
    """Avro with its header, of columns in the order of the record's fields.

    Required fields must be proved non-null before: Spark raises on a null there.
    """
    text = schema_text(record)
    names = [field["name"] for field in json.loads(text)["fields"]]
    struct = F.struct(*(content.get(name, F.col(name)).alias(name) for name in names))
    return F.concat(F.lit(header(record)), to_avro(struct, plain_schema(text)))


def _dead_letter() -> Column:
    return _single_object(
        "DeadLetter",
        source_topic=F.col("topic"),
        source_partition=F.col("partition"),
        source_offset=F.col("offset"),
        source_timestamp=F.col("logged_at"),
        service=F.lit(SERVICE),
        reason=F.col("defect.reason"),
        detail=F.col("defect.detail"),
    )
