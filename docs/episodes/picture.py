"""The picture of an episode: the samples over time, the alerts and the episode below them, its events in a list."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from docs.episodes.canvas import FAINT, GRID, INK, PAPER, TEXT_SIZE, box, circle, diamond, document, line, path, text
from docs.episodes.story import Story, seconds
from docs.episodes.words import description, event, heading, number, summary

WIDTH, LEFT, RIGHT = 520, 114, 500
PLOT_TOP, PLOT_BOTTOM = 84, 274
ROW = 32
"""From one row below the plot to the next."""
LINE = 26
"""From one line of the list to the next."""
LEVEL, RANGE = "#a4161a", "#e6f0e6"
SEVERITIES = {"info": ("#cfe0f5", INK), "warning": ("#f2b04a", INK), "critical": ("#a4161a", PAPER)}
"""How the bar of an episode is filled, and written on."""
LETTER = 9
"""About the width of one."""


class Scale(NamedTuple):
    """Where seconds and values lie."""

    x: Callable[[float], float]
    y: Callable[[float], float]


def picture(story: Story) -> str:
    """The SVG file of a story."""
    axis, last = story.drive.axis, max(story.heartbeats)
    scale = Scale(
        lambda at: LEFT + 8 + (RIGHT - LEFT - 16) * at / last,
        lambda value: PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * (value - axis.low) / (axis.high - axis.low),
    )
    shapes = [
        text(20, 34, story.rule.id, weight="bold"),
        text(RIGHT, 34, heading(story), "end"),
        text(20, 64, f"{axis.name}, {axis.unit}" if axis.unit else axis.name, fill=FAINT),
        *_grid(story, scale),
        *_levels(story, scale),
        *_samples(story, scale),
        *_rows(story, scale),
    ]
    below, height = _list(story, PLOT_BOTTOM + 66 + 3 * ROW)
    title = f"{story.rule.id}: {heading(story)}"
    return document(WIDTH, height, title, description(story), [*shapes, *below])


def _grid(story: Story, scale: Scale) -> Iterator[str]:
    axis = story.drive.axis
    for tick in axis.ticks:
        yield line(LEFT, scale.y(tick), RIGHT, scale.y(tick), GRID)
        yield text(LEFT - 10, scale.y(tick) + 6, number(tick), "end", FAINT)
    for second in range(0, int(max(story.heartbeats)) + 1, axis.every_seconds):
        yield line(scale.x(second), PLOT_BOTTOM, scale.x(second), PLOT_BOTTOM + 5, FAINT)
        yield text(scale.x(second), PLOT_BOTTOM + 23, f"{second} s", "middle", FAINT)


def _levels(story: Story, scale: Scale) -> Iterator[str]:
    level, step = story.rule.levels.own, story.rule.escalation
    if level.fields:
        yield from _range(story, scale)
        return
    if not story.rule.measure:
        return
    above = level.high is not None
    entered = level.high if above else level.low
    if isinstance(entered, float):
        yield from _level(story, scale, entered, f"{level.direction.value} {number(entered)}", above, "")
    if level.until is not None:
        yield from _level(story, scale, level.until, f"until {number(level.until)}", not above, "7 4")
    if step is not None and step.at is not None:
        name = f"{step.severity} {level.direction.value} {number(step.at)}"
        yield from _level(story, scale, step.at, name, above, "2 4")


def _level(story: Story, scale: Scale, value: float, name: str, label_over: bool, dash: str) -> Iterator[str]:
    y, width = scale.y(value), LETTER * len(name)
    yield line(LEFT, y, RIGHT, y, LEVEL, 2, dash)
    top = y - TEXT_SIZE - 6 if label_over else y
    in_the_way = any(
        scale.x(point.at) < LEFT + 14 + width and top <= scale.y(point.value) <= top + TEXT_SIZE + 6
        for point in story.points
        if point.value is not None
    )
    x, anchor = (RIGHT - 8, "end") if in_the_way else (LEFT + 8, "start")
    yield text(x, y - 6 if label_over else y + TEXT_SIZE, name, anchor, LEVEL)


def _range(story: Story, scale: Scale) -> Iterator[str]:
    """The bounds that come with each sample, as the area between them."""
    half = 0.5
    edges: list[tuple[float, float]] = []
    for index, sign in ((0, -1), (1, 1)):
        side = []
        for point in story.points:
            bound = point.bounds[index]
            if bound is not None:
                y = scale.y(bound + sign * 0.4)
                side += [(max(LEFT, scale.x(point.at - half)), y), (min(RIGHT, scale.x(point.at + half)), y)]
        edges += side if index == 0 else side[::-1]
    yield path([*edges, edges[0]], stroke=LEVEL, width=1.5, fill=RANGE)
    yield text(RIGHT - 8, scale.y(4.55), "gear_low to gear_high", "end", LEVEL)


def _samples(story: Story, scale: Scale) -> Iterator[str]:
    peak = story.told[-1].record
    radius = min(4, 0.7 * (scale.x(1) - scale.x(0)))
    before = None
    for point in story.points:
        if point.value is None:
            continue
        here = (scale.x(point.at), scale.y(point.value))
        if before is not None and point.at - before[1] <= 1:
            yield path((before[0], here), FAINT, 1.5)
        before = (here, point.at)
    for point in story.points:
        if point.value is None:
            continue
        x, y = scale.x(point.at), scale.y(point.value)
        if point.counted and point.at == seconds(peak["peak_at"]):
            yield diamond(x, y, 8)
        else:
            yield circle(x, y, radius, INK if point.counted else PAPER)


def _rows(story: Story, scale: Scale) -> Iterator[str]:
    y = PLOT_BOTTOM + 50
    marks = [point.at for point in story.points if point.alerted]
    if not story.rule.measure:
        yield text(LEFT - 10, y + 6, "heartbeats", "end")
        marks = list(story.heartbeats)
    else:
        yield text(LEFT - 10, y + 6, "alerts", "end")
    for at in marks:
        yield line(scale.x(at), y - 8, scale.x(at), y + 8, INK, 2.5 if story.rule.measure else 1)
    yield text(LEFT - 10, y + ROW + 6, "episode", "end")
    yield from _bar(story, scale, y + ROW)
    yield text(LEFT - 10, y + 2 * ROW + 6, "events", "end")
    for count, told in enumerate(story.told, start=1):
        yield line(scale.x(told.at), y + ROW - 11, scale.x(told.at), y + 2 * ROW, INK, 1.5)
        yield _badge(scale.x(told.at), y + 2 * ROW, count)


def _bar(story: Story, scale: Scale, y: float) -> Iterator[str]:
    """From the first sample of the episode to its end; before it was told of, and while it clears, it is no bar yet."""
    opened, closed = story.told[0], story.told[-1]
    began, ended = seconds(opened.record["opened_at"]), seconds(closed.record["closed_at"])
    if began < opened.at:
        yield _part(scale, y, began, opened.at, PAPER, "4 3")
    for told, after in zip(story.told[:-1], story.told[1:], strict=True):
        severity = told.record["severity"]
        until = min(after.at, ended)
        fill, ink = SEVERITIES[severity]
        yield _part(scale, y, told.at, until, fill)
        if scale.x(until) - scale.x(told.at) > LETTER * (len(severity) + 1):
            middle = (scale.x(told.at) + scale.x(until)) / 2
            yield text(middle, y + 6, severity, "middle", ink).replace("<text", '<text class="plain"', 1)
    if ended < closed.at:
        yield _part(scale, y, ended, closed.at, "url(#hatched)")


def _part(scale: Scale, y: float, begin: float, end: float, fill: str, dash: str = "") -> str:
    return box(scale.x(begin), y - 11, scale.x(end) - scale.x(begin), 22, fill, INK, dash)


def _badge(x: float, y: float, count: int) -> str:
    digit = text(x, y + 6, str(count), "middle", PAPER, "bold").replace("<text", '<text class="plain"', 1)
    return circle(x, y, 11) + digit


def _list(story: Story, y: float) -> tuple[Sequence[str], float]:
    """The list below the rows, and the height of the picture with it."""
    shapes = []
    for count, told in enumerate(story.told, start=1):
        shapes += [_badge(31, y - 6, count), text(52, y, event(told))]
        y += LINE
    shapes.append(text(52, y, summary(story)))
    return [*shapes, *_key(story, y + LINE + 6)], y + LINE + 24 + (LINE if _sustains(story) else 0)


def _key(story: Story, y: float) -> Iterator[str]:
    """What the dots and the parts of the bar mean."""
    closed = story.told[-1]
    if not story.rule.measure:
        yield from (circle(31, y - 6, 4, PAPER), text(52, y, "sample"))
        yield from (box(157, y - 15, 22, 16, PAPER, INK, "4 3"), text(188, y, "silent, not told yet"))
        return
    yield from (circle(31, y - 6, 4), text(52, y, "counted"))
    yield from (circle(146, y - 6, 4, PAPER), text(159, y, "not counted"))
    yield from (diamond(282, y - 6, 8), text(297, y, "peak"))
    if seconds(closed.record["closed_at"]) < closed.at:
        yield from (box(366, y - 15, 22, 16, "url(#hatched)"), text(396, y, "clearing"))
    if _sustains(story):
        yield from (
            box(20, y + LINE - 15, 22, 16, PAPER, INK, "4 3"),
            text(52, y + LINE, "beyond, but not long enough"),
        )


def _sustains(story: Story) -> bool:
    opened = story.told[0]
    return story.rule.measure is not None and seconds(opened.record["opened_at"]) < opened.at
