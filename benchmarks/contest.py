"""All rounds of one course: interleaved runs, and the table of medians, spreads and ratios made of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from benchmarks.cluster import Cluster
from benchmarks.figures import Spread, ratio, spread
from benchmarks.race import Contender, Course, References, Run, run
from benchmarks.report import Table
from benchmarks.rounds import interleaved

Say = Callable[[str], None]

COLUMNS = ("contender", "per CPU-second", "first ÷ this", "per second", "MB resident", "records compared")


def compete(cluster: Cluster, course: Course, contenders: Sequence[Contender], rounds: int, say: Say) -> list[Run]:
    """Every contender once a round, there and back. One that was wrong or silent is not run again."""
    references: References = {}
    runs: list[Run] = []
    present = [contender for contender in contenders if not contender.absent]
    for number, contender in interleaved(present, rounds):
        if any(made.contender == contender.name and made.verdict for made in runs):
            continue
        made = run(cluster, course, contender, number, references)
        runs.append(made)
        say(f"{contender.name}, round {number}: {made.verdict or f'{made.per_second:,.0f}/s'}")
    return runs


def table(title: str, contenders: Sequence[Contender], runs: Sequence[Run], base: str) -> Table:
    """One row for each contender; the ratio is the contender `base` over it, per processor second, round by round."""
    by_name = {contender.name: [made for made in runs if made.contender == contender.name] for contender in contenders}
    rows = [
        (contender.name, *_cells(contender, by_name[contender.name], by_name[base], base)) for contender in contenders
    ]
    return Table(title, COLUMNS, tuple(rows), raw=[asdict(made) for made in runs])


def _cells(contender: Contender, runs: Sequence[Run], base: Sequence[Run], base_name: str) -> tuple[str, ...]:
    verdict = contender.absent or next((made.verdict for made in runs if made.verdict), "")
    if verdict or not runs:
        return (verdict.splitlines()[0] if verdict else "not run", "", "", "", "")
    cpu = [made.per_cpu_second for made in runs if made.per_cpu_second]
    compared = sum(made.compared for made in runs)
    stopped = "" if all(made.complete for made in runs) else " (stopped early)"
    return (
        rate_cell(spread(cpu)) if cpu else "",
        "1" if contender.name == base_name else _ratio_cell(base, runs),
        rate_cell(spread([made.per_second for made in runs if made.per_second])),
        f"{max(made.peak_rss for made in runs) / 1e6:,.0f}",
        f"{compared:,}{stopped}",
    )


def _ratio_cell(base: Sequence[Run], runs: Sequence[Run]) -> str:
    theirs = {made.round: made.per_cpu_second for made in runs if made.per_cpu_second}
    pairs = [(made.per_cpu_second, theirs[made.round]) for made in base if made.per_cpu_second and made.round in theirs]
    if not pairs:
        return ""
    found = ratio([ours for ours, _ in pairs], [other for _, other in pairs])
    return f"{found.median:.2f}× ({found.low:.2f}–{found.high:.2f})"


def rate_cell(found: Spread) -> str:
    """Median and extremes of records a second, in thousands."""
    return f"{found.median / 1e3:,.1f} k ({found.low / 1e3:,.1f}–{found.high / 1e3:,.1f})"
