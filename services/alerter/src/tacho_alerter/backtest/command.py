"""A backtest from the topics to its result."""

import gc
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tacho_alerter.backtest.comparison import Comparison
from tacho_alerter.backtest.document import Extent, Versions, document
from tacho_alerter.backtest.judging import PartitionJudge
from tacho_alerter.backtest.log_reading import BacktestRefused, LogReader, Part
from tacho_alerter.backtest.progress import Progress
from tacho_alerter.publishing import FROM_THE_BEGINNING
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.rules.ruleset import RuleSet
from tacho_alerter.rules_topic import RulesReader
from tacho_contracts.catalogue import Catalogue


def backtest(
    path: Path,
    since: int | None,
    until: int | None,
    top: int,
    options: Mapping[str, Any],
    group: str,
    catalogue: Catalogue,
) -> dict[str, Any]:
    """Judge what came onto samples-enriched between two times, ms, and tell what the draft in `path` changes.

    Raises RulesError, BacktestRefused or KafkaException.
    """
    draft = load_rules(path, catalogue)
    if since is not None and until is not None and since >= until:
        raise BacktestRefused("--since is not before --until; take an earlier --since")
    began = time.monotonic()
    log = LogReader(options, group)
    try:
        parts = log.parts(since, until)
        published = _published(options, group, catalogue)
        # Samples are freed by reference count; walking them for cycles costs a pause and finds none.
        gc.freeze()
        gc.set_threshold(100_000, 20, 100)
        return _judge(log, parts, draft, published, top, began)
    finally:
        log.close()


def _published(options: Mapping[str, Any], group: str, catalogue: Catalogue) -> Versions:
    reader = RulesReader(options, group, catalogue)
    try:
        reader.read_to_the_end()
    finally:
        reader.close()
    return reader.versions


def _judge(
    log: LogReader, parts: list[Part], draft: RuleSet, published: Versions, top: int, began: float
) -> dict[str, Any]:
    comparison = Comparison(top)
    progress = Progress(sum(part.end - part.start for part in parts), sys.stderr, time.monotonic)
    starts, ends = [], []
    samples = unreadable = cars = 0
    for part in parts:
        judge = PartitionJudge(
            RulesHistory(published) if published else None, RulesHistory([(FROM_THE_BEGINNING, draft)])
        )
        for values in log.slices(part):
            judge.take(values)
            progress.done(len(values))
        judged = judge.finish()
        comparison.add(judged.published, judged.draft)
        samples, unreadable, cars = samples + judged.samples, unreadable + judged.unreadable, cars + judged.cars
        if judged.began is not None:
            starts.append(judged.began)
            ends.append(judged.ended)
    progress.end()
    if not starts:
        raise BacktestRefused("no record in this time can be read; see `tacho tail dead-letters`")
    extent = Extent(
        began=min(starts),
        ended=max(ends),
        from_the_start=all(part.start == 0 for part in parts),
        samples=samples,
        unreadable=unreadable,
        cars=cars,
        wall_seconds=time.monotonic() - began,
    )
    return document(comparison, extent, draft, published)
