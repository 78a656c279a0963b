"""What a picture says in words: its heading, the list of events below it, and all of it for who cannot see it."""

from docs.episodes.story import Story, Told, seconds


def number(value: float) -> str:
    """With up to two decimals, and a minus sign as it is set."""
    return f"{round(value, 2):g}".replace("-", "−")


def unit(story: Story) -> str:
    """The unit of the rule's measure with a blank before it; nothing where it has none."""
    named = story.drive.axis.unit if story.rule.measure else "s"
    return f" {named}" if named else ""


def heading(story: Story) -> str:
    """How many alerts, and that they are one episode."""
    alerts = sum(point.alerted for point in story.points)
    return f"{alerts} alerts, one episode" if alerts else "no alerts, one episode"


def event(told: Told) -> str:
    """One event in a line."""
    record = told.record
    said = f"{record['state']} at {number(told.at)} s"
    if record["state"] != "CLOSED":
        return f"{said}, {record['severity']}"
    return f"{said}: {record['close_reason']} at {number(seconds(record['closed_at']))} s"


def summary(story: Story) -> str:
    """What the episode came to."""
    record = story.told[-1].record
    peak = f"peak {number(record['peak'])}{unit(story)}"
    if not story.rule.measure:
        return f"{record['samples']} samples, {peak} of silence"
    return f"{record['samples']} samples, {peak} at {number(seconds(record['peak_at']))} s"


def description(story: Story) -> str:
    """The whole picture in sentences."""
    began = number(seconds(story.told[0].record["opened_at"]))
    events = "; ".join(event(told) for told in story.told)
    return f"A drive of {len(story.heartbeats)} s. The episode begins at {began} s. {events}. {summary(story)}."
