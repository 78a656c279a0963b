"""Unit prices with their date and source, from deploy/prices.toml. Pure but for reading the file."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacho.errors import TachoError

HOURS_A_DAY = 24.0
DAYS_A_MONTH = 730 / 24
_DAYS_OF = {"hour": 1 / HOURS_A_DAY, "day": 1.0, "month": DAYS_A_MONTH}


@dataclass(frozen=True)
class Price:
    """`usd` for one `unit` in one `per` (hour, day or month), as `source` said on `date`."""

    unit: str
    usd: float
    per: str
    source: str
    date: str

    @property
    def usd_per_day(self) -> float:
        """US dollars a day for one unit."""
        return self.usd / _DAYS_OF[self.per]


Prices = Mapping[str, Price]


def read_prices(path: Path) -> Prices:
    """Every price by item. Raises TachoError when the file is missing or an entry is incomplete."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TachoError(f"The price list {path.name} cannot be read: {error}.") from error
    return {item: _price(item, entry, path) for item, entry in _items(entries)}


def _items(entries: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Entries by dotted name: [ec2.m5.xlarge] and ["ec2.m5.xlarge"] are the same. Remarks on the list are left out."""
    for name, entry in entries.items():
        if isinstance(entry, dict):
            if "usd" in entry:
                yield above + name, entry
            else:
                yield from _items(entry, f"{above}{name}.")


def _price(item: str, entry: Mapping[str, Any], path: Path) -> Price:
    try:
        price = Price(entry["unit"], float(entry["usd"]), entry["per"], entry["source"], str(entry["date"]))
    except (KeyError, TypeError, ValueError) as error:
        raise TachoError(
            f"{path.name}: [{item}] needs unit, usd, per, source and date, and has no usable {error}."
        ) from error
    if price.per not in _DAYS_OF:
        raise TachoError(f"{path.name}: [{item}] is per {price.per!r}: choose one of {', '.join(_DAYS_OF)}.")
    return price
