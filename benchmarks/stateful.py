"""Workload `alerter-state`: all shipped rules over a large fleet with state, beside the same engine alone."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks import parts
from benchmarks.alerting import ALERTS, EPISODES, INPUT, STATE, backlog
from benchmarks.cluster import Cluster
from benchmarks.contest import Say, compete, table
from benchmarks.drives import enriched, eventful_drive
from benchmarks.expected import alerts
from benchmarks.profile import Profile
from benchmarks.race import Contender, Course, Run
from benchmarks.report import Section, Table
from tacho.local.settings import RunSettings
from tacho_alerter.rules.reading import load_rules
from tacho_contracts.catalogue import load_catalogue


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    cars, seconds, drive = profile.state_cars, profile.state_seconds, eventful_drive()
    samples = cars * seconds
    with Cluster(folder) as cluster:
        given = parts.settings(folder, cluster.servers)
        parts.publish_rules(given)
        expected = alerts(drive, cars, seconds, load_rules(given.rules, load_catalogue()))
        backlog(cluster, enriched(drive, cars, seconds), samples)
        say(f"backlog of {samples:,} samples, {expected:,} alerts")
        contenders = _contenders(given)
        course = Course("alert-data", (*ALERTS, EPISODES), expected, samples, profile.state_most_seconds, (STATE,))
        runs = compete(cluster, course, contenders, profile.state_rounds, say)
    text = (
        f"{samples:,} enriched samples wait on `{INPUT}` (6 partitions): {cars:,} cars, each of which says something "
        f"every second for {seconds} s. All shipped rules are in force; {expected / samples:.1%} of the samples are "
        "alerts, every rule but that of the silent car is broken, and cars break them in stretches of some seconds. "
        "*loop* and *Faust agent* drive tacho's own engine, one record at a time: they decode, judge, send alerts and "
        "episodes, wait for the deliveries and commit, keep the state of the cars in memory and save none of it. "
        f"tacho saves it to `{STATE}` meanwhile. The first sample of each car lies before the slope. Alerts and "
        "episodes are compared by bytes, in order for each car."
    )
    tables = (table("All rules, with state", contenders, runs, contenders[0].name), _written(runs))
    return Section("alerter-state", "Judging with state", text, tables)


def _contenders(given: RunSettings) -> tuple[Contender, ...]:
    rules = str(given.rules)
    return (
        Contender("tacho", lambda run: parts.alerter(given, run)),
        Contender("loop with the same engine", lambda run: parts.peer("engine_loop", (run, rules), given, run)),
        Contender(
            "Faust agent with the same engine",
            lambda run: parts.peer("engine_faust", (run, rules, parts.own_folder(given, run)), given, run),
        ),
    )


def _written(runs: Sequence[Run]) -> Table:
    """What saving put on the state's topic, one row for each of tacho's runs."""
    rows = [
        (str(made.round), f"{volume.records:,}", f"{volume.bytes / 1e6:,.1f}", f"{volume.bytes / volume.records:,.0f}")
        for made in runs
        if (volume := made.written_apart.get(STATE)) and volume.records
    ]
    return Table("State saved by tacho", ("round", "state records", "MB", "bytes each"), tuple(rows))
