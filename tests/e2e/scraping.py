"""Asking the processes of a running chain what they show, as Prometheus and a health check would."""

import json
import time
from http.client import HTTPConnection
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

DEADLINE_SECONDS = 60.0

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]
"""Values by name and labels."""


def processes(targets: Path) -> dict[str, str]:
    """The address of each process, by its name, from the file that the runner keeps for Prometheus."""
    return {
        target["labels"]["process"]: target["targets"][0] for target in json.loads(targets.read_text(encoding="utf-8"))
    }


def ask(address: str, path: str) -> tuple[int, str]:
    """Status and body of one answer."""
    connection = HTTPConnection(address, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def scraped(address: str) -> Series:
    """Everything a process shows now."""
    _, text = ask(address, "/metrics")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped_once(address: str, shows: str) -> Series:
    """As scraped, as soon as a series of that name is above 0; fails after the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        try:
            series = scraped(address)
        except ConnectionRefusedError:
            # It has yet to open its port.
            series = {}
        if any(value > 0 for (name, _), value in series.items() if name == shows):
            return series
        assert time.monotonic() < deadline, f"{address} does not show {shows} within {DEADLINE_SECONDS:.0f} s"
        time.sleep(0.2)
