"""What both window queries share: the window a row belongs to, its three dimensions, and the record's key."""

from pyspark.sql import Column
from pyspark.sql import functions as F

UNKNOWN = "unknown"


def window_time() -> Column:
    """The moment that puts a row into a window: `logged_at` when it was late, else `event_time` (timestamp).

    A row that was not late has an event_time at most the allowed lateness before its logged_at, and a late one
    counts by logged_at, so this time follows the order of the log. That is what makes it fit for a watermark.
    """
    return F.timestamp_millis(F.when(F.col("late"), F.col("logged_at")).otherwise(F.col("event_time")))


def window_of(size_seconds: int, slide_seconds: int) -> Column:
    """The windows of `window_time`, aligned to the epoch; several for each row when they slide."""
    return F.window("window_time", f"{size_seconds} seconds", f"{slide_seconds} seconds")


def dimensions() -> Column:
    """The three (dimension, value) pairs a row counts in: the fleet, its colour and its model."""
    model = F.concat("brand_name", F.lit(" "), "model_name")
    return F.array(
        F.struct(F.lit("fleet").alias("dimension"), F.lit("all").alias("value")),
        F.struct(F.lit("color").alias("dimension"), F.coalesce("color_name", F.lit(UNKNOWN)).alias("value")),
        F.struct(F.lit("model").alias("dimension"), F.coalesce(model, F.lit(UNKNOWN)).alias("value")),
    )


def key_columns() -> list[Column]:
    """The first four fields of both window records, from the grouped columns `window` and `pair`."""
    return [
        F.unix_millis("window.start").alias("window_start"),
        F.unix_millis("window.end").alias("window_end"),
        F.col("pair.dimension").alias("dimension"),
        F.col("pair.value").alias("value"),
    ]


def key_text() -> Column:
    """`<window_start ms>-<window_end ms>/<dimension>/<value>`, the Kafka key of both window records."""
    bounds = F.concat_ws("-", F.col("window_start").cast("string"), F.col("window_end").cast("string"))
    return F.concat_ws("/", bounds, "dimension", "value")
