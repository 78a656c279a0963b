"""Workload `alerter`: a backlog of enriched samples judged by tacho's alerter, Faust, quixstreams and a plain loop."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import parts
from benchmarks.cluster import REPOSITORY, Cluster
from benchmarks.contest import Say, compete, table
from benchmarks.drives import BROKEN_SECONDS, enriched, seed_drive
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
ALERTS = ("alert-data", "alerts-safety", "alerts-workshop", "dead-letters")
EPISODES = "alert-episodes"
STATE = "alerter-state"
SEED_RULES = REPOSITORY / "benchmarks" / "seed-rules.yaml"
CARS = 200
ALERT_EVERY = {"1 %": 100, "25 %": 4}


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    tables = []
    with Cluster(folder) as cluster:
        given = replace(parts.settings(folder, cluster.servers), rules=SEED_RULES)
        parts.publish_rules(given)
        contenders = _contenders(given)
        for share, every in ALERT_EVERY.items():
            tables.append(_with_share(cluster, contenders, share, every, profile, say))
    text = (
        f"{profile.alerter_samples:,} enriched samples of {CARS} cars wait on `{INPUT}` (6 partitions); a car that "
        "breaks a rule does so for ten seconds. Each contender decodes them, applies the seed's three rules and sends "
        "the alerts to `alert-data` and the rules' own topics, at least once; rates are samples, over the slope "
        "between 20 % and 90 % of the alerts it put out. tacho does more than the others: it tells repeats, orders, "
        f"writes `{EPISODES}` and saves its state, of which nothing can be switched off. A contender is stopped "
        f"{profile.alerter_seconds:.0f} s after its first alert, and what it sent by then is compared. Alerts are "
        "compared by bytes, in order for each car."
    )
    return Section("alerter", "Judging a backlog", text, tuple(tables))


def _contenders(given: RunSettings) -> tuple[Contender, ...]:
    version = load_rules(given.rules, load_catalogue()).version
    quix = peer_python()

    def faust(run: str, how: str) -> Spec:
        return parts.peer("alert_faust", (run, version, how, parts.own_folder(given, run)), given, run)

    def quixstreams(run: str) -> Spec:
        return parts.peer("alert_quix", (run, version, parts.own_folder(given, run)), given, run, quix)

    return (
        Contender("tacho", lambda run: parts.alerter(given, run)),
        Contender("confluent-kafka + fastavro loop", lambda run: parts.peer("alert_loop", (run, version), given, run)),
        Contender("quixstreams", quixstreams, absent="" if quix else "not installed"),
        Contender("Faust agent, take", lambda run: faust(run, "take")),
        Contender("Faust agent, async for", lambda run: faust(run, "each")),
    )


def _with_share(
    cluster: Cluster, contenders: tuple[Contender, ...], share: str, every: int, profile: Profile, say: Say
) -> Table:
    samples = profile.alerter_samples
    if samples % (CARS * every * BROKEN_SECONDS):
        raise RuntimeError(f"{samples:,} samples of {CARS} cars do not hold {share} of alerts exactly")
    backlog(cluster, enriched(seed_drive(every), CARS, samples // CARS), samples)
    say(f"backlog of {samples:,} samples, {share} alerts")
    course = Course("alert-data", ALERTS, samples // every, samples, profile.alerter_seconds, (EPISODES, STATE))
    runs = compete(cluster, course, contenders, profile.alerter_rounds, say)
    return table(f"{share} of the samples are alerts", contenders, runs, contenders[0].name)


def backlog(cluster: Cluster, samples: Iterable[dict[str, Any]], count: int) -> None:
    """Put `count` samples on an empty input topic. Raises RuntimeError when another number is there afterwards."""
    cluster.recreate([INPUT])
    send_enriched(cluster.servers, samples)
    if cluster.count(INPUT) != count:
        raise RuntimeError(f"{INPUT} holds {cluster.count(INPUT)} samples and not {count}")
