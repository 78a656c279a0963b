"""The Spark session: as small and as quick to answer as two cores of a laptop allow, untouched on EMR."""

from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from tacho_contracts.errors import ContractError
from tacho_enricher.s3 import require_s3_jars, s3_conf
from tacho_enricher.settings import Query, Settings, Trigger

# A hostile length prefix must not make Avro allocate it: the JVM would die of it again at every restart.
_AVRO_LIMITS = " ".join(
    f"-Dorg.apache.avro.limits.{kind}.maxLength=65536" for kind in ("string", "bytes", "collectionItems")
)
# Avro's fast reader keeps every schema it ever met, and Spark parses its schemas anew for each task: a leak.
_NO_SCHEMA_CACHE = "-Dorg.apache.avro.fastread=false"
# Spark turns a whole query into one method of more than 8,000 bytecodes, which HotSpot would interpret for ever.
_COMPILE_ALL = "-XX:-DontCompileHugeMethods"
# Metaspace as large as it may get from the start: growing into it is a full collection at each step.
_LOCAL_JVM = (
    "-XX:+UseSerialGC -XX:MetaspaceSize=256m -XX:MaxMetaspaceSize=256m -XX:ReservedCodeCacheSize=128m -Xss1m "
    "-XX:-UsePerfData"
)
# A filter on decoded records would be moved before the decoding and take a copy of it along for each field it looks
# at: a batch of windows then decoded every sample 59 times over, and planned that anew each time.
_FILTER_AFTER_DECODING = ",".join(
    f"org.apache.spark.sql.catalyst.optimizer.{rule}" for rule in ("PushDownPredicates", "PushPredicateThroughNonJoin")
)
# HotSpot begins with a 64th of the machine's memory as heap, and what it has once used stays resident.
_FAST_JVM = "-Xms192m -Xmn96m"
# Window queries wait for nothing: their heap may collect more often and stay small, and code that runs once in ten
# seconds is not worth the optimising compiler's time and memory.
_SMALL_JVM = "-Xms192m -Xmn64m -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40 -XX:TieredStopAtLevel=1"


def task_slots(settings: Settings, partitions: int) -> int:
    """Threads of a local Spark: real-time mode holds one for each input partition, the others share the rest."""
    held = partitions if Query.ENRICH in settings.queries and settings.trigger is Trigger.REALTIME else 0
    return held + 2


def spark_conf(settings: Settings, partitions: int) -> dict[str, Any]:
    """Every Spark setting the enricher depends on, apart from what EMR's spark-submit gives."""
    conf = {
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # The queries' generated classes, of which the default of 100 would throw some out before the next batch.
        "spark.sql.codegen.cache.maxEntries": "1000",
        # Nobody looks back at finished batches, and their plans fill the heap of a query that runs for months.
        "spark.ui.retainedJobs": "10",
        "spark.ui.retainedStages": "10",
        "spark.ui.retainedTasks": "100",
        "spark.ui.dagGraph.retainedRootRDDs": "10",
        "spark.sql.ui.retainedExecutions": "10",
        "spark.sql.streaming.numRecentProgressUpdates": "10",
        # Each batch is planned anew: leave out conditions inferred for joins, which no plan of ours gains from.
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.sql.optimizer.excludedRules": _FILTER_AFTER_DECODING,
        # Re-planning a running stream buys nothing for a plan without a shuffle and costs each batch.
        "spark.sql.adaptive.streaming.stateless.enabled": "false",
        "spark.locality.wait": "0",
        # A stuck task must not keep the process from stopping in time; what was not committed is done again.
        "spark.sql.streaming.stopTimeout": "4s",
        # A window is some twenty rows after partial aggregation: one partition of state is enough for any fleet.
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.streaming.stateStore.providerClass": (
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
        ),
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
    }
    if settings.master == "":
        options = f"{_AVRO_LIMITS} {_NO_SCHEMA_CACHE} {_COMPILE_ALL}"
        return conf | {"spark.driver.extraJavaOptions": options, "spark.executor.extraJavaOptions": options}
    kind = _FAST_JVM if Query.ENRICH in settings.queries else _SMALL_JVM
    return conf | {
        "spark.master": settings.master or f"local[{task_slots(settings, partitions)}]",
        "spark.driver.memory": settings.memory,
        "spark.driver.extraJavaOptions": f"{_AVRO_LIMITS} {_NO_SCHEMA_CACHE} {_COMPILE_ALL} {_LOCAL_JVM} {kind}",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.catalogImplementation": "in-memory",
        # The same spelling of a place reaches EMR's own client there and S3A everywhere else.
        **s3_conf(settings),
    }


def start_session(settings: Settings, partitions: int) -> SparkSession:
    """A session for the enricher's queries. Raises ContractError when a jars folder holds no jar, or none for S3."""
    builder = SparkSession.builder.appName("tacho-enricher").config(map=spark_conf(settings, partitions))
    jars = [jar for folder in settings.jars.split(":") if folder for jar in jars_in(Path(folder))]
    if settings.master != "":
        require_s3_jars(settings, (jar.name for jar in jars))
    if jars:
        builder = builder.config("spark.driver.extraClassPath", ":".join(str(jar.resolve()) for jar in jars))
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def jars_in(folder: Path) -> list[Path]:
    """The folder's jars. Raises ContractError when there is none."""
    jars = sorted(folder.glob("*.jar"))
    if not jars:
        raise ContractError(f"TACHO_ENRICHER_JARS={folder} holds no jar; `make jars` fetches them")
    return jars
