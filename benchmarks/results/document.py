"""docs/results/README.md from what a run found. Pure."""

import json
from datetime import UTC, datetime
from typing import Any

from benchmarks.results.tables import (
    alerts_table,
    cars_table,
    episodes_table,
    latency_table,
    machine_table,
    memory_table,
    topics_table,
    verdict_table,
    windows_tables,
)

Results = dict[str, Any]
_VIEWS = {
    "fleet": "Fleet",
    "car": "One car",
    "alerts": "Alerts",
    "windows": "Windows",
    "pipeline": "Pipeline",
    "playback": "Play back",
}


def document(found: Results) -> str:
    """The whole page as Markdown."""
    parts = (_head, _verdict, _example, _windows, _alerts, _latency, _page, _foot)
    return "\n\n".join(part(found) for part in parts) + "\n"


def _head(found: Results) -> str:
    asked = found["asked"]
    begin, end = _utc(found["begin"]), _utc(found["end"])
    return f"""# Results of one drive

Written by `make results`, never by hand: {asked["cars"]} simulated cars drove {asked["seconds"] / 60:g} minutes \
(seed {asked["seed"]}, {begin} to {end} UTC of event time) at {asked["speed_up"]:g} times the clock's pace through \
broker, enricher and alerter. All figures are in [results.json](results.json), the cars in [cars.csv](cars.csv); text, \
tables and plots follow from them. The same seed drives the same drives: a test simulates them again and compares.

## What went over the topics

{topics_table(found)}"""


def _verdict(found: Results) -> str:
    content = "content: every promise was kept" if found["verifier"]["ok"] else "**not content**"
    return f"""## The verifier's report

`tacho verify` recomputed everything from the log and compared it record by record. It is {content}. The broken \
sample, its dead letter, the acknowledgement and the switch came after that.

{verdict_table(found)}"""


def _example(found: Results) -> str:
    shown = "\n\n".join(_records(name, records) for name, records in found["records"].items())
    return f"""## One alert, from sample to window

Records of every topic, decoded; those that belong to the alert where there are some, else the topic's first. Of more \
than two the first and the last.

{shown}"""


def _records(topic: str, records: list[dict[str, Any]]) -> str:
    blocks = "\n\n".join(_record(record) for record in records)
    return f"<details><summary><code>{topic}</code></summary>\n\n{blocks}\n\n</details>"


def _record(record: dict[str, Any]) -> str:
    value = json.dumps(record["value"], indent=2, ensure_ascii=False)
    where = f"{record['record']}, partition/offset {record['place']}, key `{record['key']}`, {record['bytes']} bytes"
    return f"{where}\n\n```json\n{value}\n```"


def _windows(found: Results) -> str:
    return f"""## Windows

The last row of each window of `fleet-windows`, with the alerts of the same window of `alert-windows`; all rows and \
columns are in [windows.csv](windows.csv). The first and the last window are cut by the drive's begin and end.

{windows_tables(found)}

![Alerts per hundred samples for each colour of car, as bars](colors.svg)"""


def _alerts(found: Results) -> str:
    return f"""## Alerts and episodes

![Alerts of each minute of the drive, stacked by rule](alerts.svg)

{alerts_table(found)}

An alert is one sample that breaks a rule; an episode is what a person hears of:

{episodes_table(found)}

The cars with the most alerts:

{cars_table(found)}

![Speed, engine speed and gear of one car over the drive, with limits and episodes](drive.svg)"""


def _latency(found: Results) -> str:
    return f"""## Latency

From the moment the producer noted a sample in its journal until a consumer had its alert, while the same fleet drove \
on at the clock's pace ({found["asked"]["cars"]} samples a second, {found["latency"]["seconds"]:g} s, the page and all \
else running). [Benchmarks](../benchmarks.md) measure it at length.

{latency_table(found)}

![Histogram of the milliseconds from sample to readable alert](latency.svg)"""


def _page(found: Results) -> str:
    names = [picture["name"] for picture in found["pictures"]]
    parts = []
    for view, title in _VIEWS.items():
        wide = [name for name in names if f"-{view}-" in name and name.endswith("-wide.png")]
        narrow = [name for name in names if f"-{view}-" in name and name.endswith("-narrow.png")]
        shown = " ".join(f"![{title}, {'dark' if '-dark-' in name else 'light'}](page/{name})" for name in wide)
        links = ", ".join(f"[{'dark' if '-dark-' in name else 'light'}](page/{name})" for name in narrow)
        parts.append(f"### {title}\n\n{shown}\n\nNarrow: {links}")
    return """## The page

Taken by Chromium in front of the real pipeline, while the fleet still drove at the clock's pace.

""" + "\n\n".join(parts)


def _foot(found: Results) -> str:
    return f"## Machine\n\n{machine_table(found)}\n{memory_table(found)}".rstrip()


def _utc(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S}"
