"""Why a record cannot be used: the catalogue's closed list of reasons, the first that applies being the one given."""

from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

from tacho_contracts.codec import MAX_RECORD_BYTES
from tacho_enricher.decode import AVRO, JSON, SAMPLE_FIELDS, UNKNOWN

FUTURE_TOLERANCE_MS = 5_000


@dataclass(frozen=True)
class Reject:
    """One reason, the condition on a decoded record, and the words for people."""

    reason: str
    applies: Column
    detail: Column


def rejects() -> tuple[Reject, ...]:
    """Every reason in order of precedence: what is wrong with the bytes, then with the content, then with the key."""
    size = F.length("value")
    told_time = F.coalesce("sample.event_time", "heartbeat_at")
    return (
        Reject("tombstone", F.col("value").isNull(), F.lit("the record has no value")),
        Reject("empty", size == 0, F.lit("the value has no bytes")),
        Reject("oversized", size > MAX_RECORD_BYTES, _said(size, f" bytes, at most {MAX_RECORD_BYTES} are read")),
        Reject("unknown-format", F.col("form") == UNKNOWN, _said("starts with ", F.hex(F.substring("value", 1, 2)))),
        Reject(
            "unknown-schema",
            (F.col("form") == AVRO) & ~F.col("known"),
            _said("fingerprint ", F.lower(F.hex("fingerprint")), " is no SensorSample or Heartbeat"),
        ),
        Reject("malformed-avro", (F.col("form") == AVRO) & _incomplete(), F.lit("the body does not decode")),
        Reject("trailing-bytes", ~F.col("intact"), F.lit("the body does not encode back to the same bytes")),
        Reject(
            "malformed-json",
            (F.col("form") == JSON) & _incomplete(),
            F.lit("not an object with exactly the fields and types of a SensorSample"),
        ),
        Reject("out-of-range", _first_out_of_range().isNotNull(), _first_out_of_range()),
        Reject(
            "future-time",
            told_time > F.col("logged_at") + FUTURE_TOLERANCE_MS,
            _said(_of_heartbeat("at ", "event_time "), told_time, ", record timestamp ", F.col("logged_at")),
        ),
        Reject(
            "foreign-key",
            # A heartbeat has no car_id, so this is null there, as its key must be.
            ~F.col("key").eqNullSafe(F.col("sample.car_id").cast("string").cast("binary")),
            _said("the key is not ", _of_heartbeat("none", F.col("sample.car_id"))),
        ),
    )


def defect() -> Column:
    """struct(reason, detail) of the first reject that applies to a decoded record, null for a good one."""
    chain = F.lit(None)
    for reject in reversed(rejects()):
        said = F.struct(F.lit(reject.reason).alias("reason"), reject.detail.alias("detail"))
        chain = F.when(reject.applies, said).otherwise(chain)
    return chain


def _incomplete() -> Column:
    """Whether the record is neither a sample with all its fields nor a heartbeat."""
    missing = reduce(Column.__or__, (F.col(f"sample.{name}").isNull() for name in SAMPLE_FIELDS))
    return missing & F.col("heartbeat_at").isNull()


def _of_heartbeat(words: str, otherwise: Column | str) -> Column:
    sample = F.lit(otherwise) if isinstance(otherwise, str) else otherwise.cast("string")
    return F.when(F.col("heartbeat_at").isNotNull(), F.lit(words)).otherwise(sample)


def _first_out_of_range() -> Column:
    """The words for the first field outside the range its avsc gives, null when all are inside."""
    field = {name: F.col(f"sample.{name}") for name in SAMPLE_FIELDS}
    inside = {
        "car_id": field["car_id"].between(1_000_000, 9_999_999),
        "sequence": field["sequence"] >= 1,
        # NaN is greater than every number in Spark, so it is outside.
        "speed": field["speed"].between(0.0, 400.0),
        "rpm": field["rpm"].between(0, 20_000),
        "gear": field["gear"].between(0, 10),
        "event_id": field["event_id"] == F.concat(field["car_id"], F.lit("-"), field["sequence"]),
    }
    return F.coalesce(
        *(
            F.when(~fits, _said(f"{name} ", F.left(field[name].cast("string"), F.lit(60))))
            for name, fits in inside.items()
        )
    )


def _said(*parts: Column | str) -> Column:
    return F.concat(*(F.lit(part) if isinstance(part, str) else part.cast("string") for part in parts))
