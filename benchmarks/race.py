"""One contender's run: start it, follow its output to the end, stop it, compare, and only then give a time."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.cluster import Cluster, Volume
from benchmarks.comparison import Output, count, difference
from benchmarks.figures import Reading, slope
from benchmarks.sampling import TreeMeter
from tacho.local.process import Process, Spec

_SAMPLE_SECONDS = 0.05
_STALL_SECONDS = 180.0
_SETTLE_SECONDS = 0.5
_STOP_SECONDS = 10.0
_LONGEST_SECONDS = 600.0


References = dict[str, tuple[str, Output]]
"""By group: whose output it is, and the output."""


@dataclass(frozen=True)
class Contender:
    """Who takes part: a name for the table, how it is started, and whose output it must equal."""

    name: str
    start: Callable[[str], Spec]
    """How to start it in a run of this id, which names its consumer group or checkpoint."""
    group: str = ""
    """Contenders of one group must put out the same records."""
    absent: str = ""
    """Why it cannot take part, for the table; empty when it can."""


@dataclass(frozen=True)
class Course:
    """What is run: where the output goes, how many records belong there, and how many inputs they stand for."""

    progress_topic: str
    output_topics: tuple[str, ...]
    expected: int
    """Records on the progress topic at the end."""
    inputs: int
    """Records the rates are given in."""
    most_seconds: float
    """A slow contender is stopped this long after its first output and measured over what it did. The first of a
    group is not: it is what the others are compared with."""
    kept_apart: tuple[str, ...] = ()
    """Topics that a contender may write for itself: emptied before each run and not compared."""


@dataclass(frozen=True)
class Run:
    """One run's figures; the rates are None when the output was wrong, and `verdict` then says why."""

    contender: str
    round: int
    verdict: str
    per_second: float | None = None
    per_cpu_second: float | None = None
    peak_rss: int = 0
    """Bytes, the whole process tree."""
    compared: int = 0
    """Output records that were compared with the group's reference, or are it."""
    complete: bool = False
    written_apart: Mapping[str, Volume] = field(default_factory=dict)
    """What is on the topics kept apart."""


def run(cluster: Cluster, course: Course, contender: Contender, number: int, references: References) -> Run:
    """Run once on empty output topics. The first complete output of a group becomes its reference."""
    cluster.recreate((*course.output_topics, *course.kept_apart))
    process = Process(contender.start(f"{contender.name.translate(_PLAIN)}-{number}"))
    meter = TreeMeter(process.pid)
    try:
        limit = course.most_seconds if contender.group in references else _LONGEST_SECONDS
        readings = _follow(cluster, course, process, meter, limit)
    finally:
        process.stop(_STOP_SECONDS)
    complete = readings[-1].done >= course.expected
    if not readings[-1].done:
        return Run(contender.name, number, f"no output: {process.log_tail(3)}")
    output = cluster.output(course.output_topics)
    verdict = _verdict(contender, output, complete, references)
    found = slope(readings, course.expected)
    if not verdict and found is None:
        verdict = "too short to measure"
    if verdict or found is None:
        return Run(contender.name, number, verdict)
    return Run(
        contender.name,
        number,
        verdict,
        per_second=found.records / found.seconds * course.inputs / course.expected,
        per_cpu_second=found.records / found.cpu * course.inputs / course.expected if found.cpu else None,
        peak_rss=meter.peak_rss,
        compared=count(output),
        complete=complete,
        written_apart={topic: cluster.volume(topic) for topic in course.kept_apart},
    )


_PLAIN = str.maketrans(" /,:()", "------")


def _follow(cluster: Cluster, course: Course, process: Process, meter: TreeMeter, limit: float) -> Sequence[Reading]:
    """Readings until the output is complete, the time is over, or nothing comes any more."""
    readings: list[Reading] = []
    moved = time.monotonic()
    first_output = complete_at = None
    while True:
        done = cluster.count(course.progress_topic)
        now = time.monotonic()
        if not readings or done != readings[-1].done:
            moved = now
        readings.append(Reading(now, meter.cpu_seconds(), done))
        first_output = first_output or (now if done else None)
        complete_at = complete_at or (now if done >= course.expected else None)
        # A little longer than needed: a contender that puts out too much must be seen.
        if complete_at and now - complete_at > _SETTLE_SECONDS:
            return readings
        if not complete_at and first_output and now - first_output > limit:
            return readings
        if now - moved > (_STALL_SECONDS if process.exit_code is None else _SETTLE_SECONDS):
            return readings
        time.sleep(_SAMPLE_SECONDS)


def _verdict(contender: Contender, output: Output, complete: bool, references: References) -> str:
    known = references.get(contender.group)
    if known is not None:
        other = difference(known[1], output, complete)
        return f"differs from {known[0]}: {other}" if other else ""
    if not complete:
        return "stopped early, and nothing to compare it with"
    references[contender.group] = (contender.name, output)
    return ""
