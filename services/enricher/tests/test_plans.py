"""What Spark makes of the queries: decoding is the dear part, and a plan must hold it once."""

from collections.abc import Callable, Sequence

import pytest
from pyspark.sql import DataFrame

from tacho_contracts.schemas import writer_schemas
from tacho_enricher.aggregates import alert_windows, fleet_windows
from tacho_enricher.dims import Dims
from tacho_enricher.enrich import alerts, enriched, good, outgoing

pytestmark = pytest.mark.spark

Records = Callable[[Sequence[object]], DataFrame]


def decodings(rows: DataFrame) -> int:
    """How often the physical plan decodes Avro."""
    plan: str = rows._jdf.queryExecution().sparkPlan().toString()
    return plan.count("from_avro(")


def test_enriching_decodes_a_record_once_for_each_writer_version(kafka_records: Records, dims: Dims) -> None:
    rows = outgoing(enriched(kafka_records([]), dims, 120))
    assert decodings(rows) == len(writer_schemas("SensorSample")) + len(writer_schemas("Heartbeat"))


def test_counting_windows_decodes_a_sample_once_and_no_heartbeat(kafka_records: Records, dims: Dims) -> None:
    rows = fleet_windows(good(enriched(kafka_records([]), dims, 120, heartbeats=False)), 900, 900, 1)
    assert decodings(rows) == len(writer_schemas("SensorSample"))


def test_counting_alerts_decodes_each_partition_once_for_each_writer_version(kafka_records: Records) -> None:
    parts = [alerts(kafka_records([])) for _ in range(6)]
    assert decodings(alert_windows(parts, 900, 900, 1)) == 6 * len(writer_schemas("Alert"))
