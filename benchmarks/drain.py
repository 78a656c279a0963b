"""Workload `enrich`: a backlog of sensor samples drained by the enricher and by a plain loop."""

from pathlib import Path

from benchmarks import parts
from benchmarks.cluster import Cluster
from benchmarks.contest import Say, compete, table
from benchmarks.producing import backlog
from benchmarks.profile import Profile
from benchmarks.race import Contender, Course
from benchmarks.report import Section
from benchmarks.samples import write_dims

CARS = 2_000


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    with Cluster(folder) as cluster:
        given = parts.settings(folder, cluster.servers)
        write_dims(given.folder.dims, CARS)
        records = backlog(given, cluster, CARS, profile.drain_samples)
        say(f"backlog of {records:,} records")
        contenders = (
            Contender("tacho, real-time", lambda run: parts.enricher(given, "realtime", run)),
            Contender("tacho, micro-batch", lambda run: parts.enricher(given, "available-now", run)),
            Contender(
                "confluent-kafka + fastavro loop",
                lambda run: parts.peer("enrich_loop", (run, str(given.folder.dims)), given, run),
            ),
        )
        course = Course("samples-enriched", ("samples-enriched", "dead-letters"), records, records,
                        profile.drain_seconds)  # fmt: skip
        runs = compete(cluster, course, contenders, profile.drain_rounds, say)
    text = (
        f"{records:,} records made by the producer wait on `sensors-sample` (6 partitions): samples of {CARS:,} cars, "
        "and three heartbeats for a thousand of them. Each contender decodes, checks, joins car, model and colour, "
        "finds the gears and writes `samples-enriched`, from process start with an empty checkpoint; rates are the "
        "slope between 20 % and 90 % of what it put out. "
        f"A contender is stopped {profile.drain_seconds:.0f} s after its first record; what it wrote by then is "
        "compared. Every record is compared by bytes, so every double is equal."
    )
    return Section("enrich", "Enriching a backlog", text, (table("Enrich", contenders, runs, contenders[0].name),))
