"""Workload `alerter`: a backlog of enriched samples judged by tacho's alerter, Faust, quixstreams and a plain loop."""

from pathlib import Path

from benchmarks import parts
from benchmarks.cluster import Cluster
from benchmarks.contest import Say, compete, table
from benchmarks.peer_environment import peer_python
from benchmarks.profile import Profile
from benchmarks.race import Contender, Course
from benchmarks.report import Section, Table
from benchmarks.samples import send_enriched
from tacho.local.process import Spec
from tacho.local.settings import RunSettings
from tacho_alerter.rules.reading import load_rules
from tacho_contracts.catalogue import load_catalogue

INPUT = "samples-enriched"
OUTPUTS = ("alert-data", "alerts-safety", "alerts-workshop", "dead-letters")
CARS = 500
ALERT_EVERY = {"1 %": 100, "25 %": 4}


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    tables = []
    with Cluster(folder) as cluster:
        contenders = _contenders(parts.settings(folder, cluster.servers))
        for share, every in ALERT_EVERY.items():
            tables.append(_with_share(cluster, contenders, share, every, profile, say))
    text = (
        f"{profile.alerter_samples:,} enriched samples of {CARS} cars wait on `{INPUT}` (6 partitions). Each contender "
        "decodes them, applies the seed's three rules and sends the alerts to `alert-data` and the rules' own topics, "
        "at least once; rates are samples, over the slope between 20 % and 90 % of the alerts it put out. A contender "
        f"is stopped {profile.alerter_seconds:.0f} s after its first alert, and what it sent by then is compared. "
        "Alerts are compared by bytes, in order for each car."
    )
    return Section("alerter", "Judging a backlog", text, tuple(tables))


def _contenders(given: RunSettings) -> tuple[Contender, ...]:
    version = load_rules(given.rules, load_catalogue()).version
    quix = peer_python()

    def faust(run: str, how: str) -> Spec:
        return parts.peer("alert_faust", (run, version, how), given, run)

    return (
        Contender("tacho", lambda run: parts.alerter(given, run)),
        Contender("confluent-kafka + fastavro loop", lambda run: parts.peer("alert_loop", (run, version), given, run)),
        Contender(
            "quixstreams",
            lambda run: parts.peer("alert_quix", (run, version), given, run, quix),
            absent="" if quix else "not installed",
        ),
        Contender("Faust agent, take", lambda run: faust(run, "take")),
        Contender("Faust agent, async for", lambda run: faust(run, "each")),
    )


def _with_share(
    cluster: Cluster, contenders: tuple[Contender, ...], share: str, every: int, profile: Profile, say: Say
) -> Table:
    samples = profile.alerter_samples
    cluster.recreate([INPUT])
    send_enriched(cluster.servers, samples, CARS, every)
    if cluster.count(INPUT) != samples:
        raise RuntimeError(f"{INPUT} holds {cluster.count(INPUT)} samples and not {samples}")
    say(f"backlog of {samples:,} samples, {share} alerts")
    course = Course("alert-data", OUTPUTS, samples // every, samples, profile.alerter_seconds)
    runs = compete(cluster, course, contenders, profile.alerter_rounds, say)
    return table(f"{share} of the samples are alerts", contenders, runs, contenders[0].name)
