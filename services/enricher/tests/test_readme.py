"""The README's tables say what the code does."""

import re
from pathlib import Path

from tacho_contracts.catalogue import load_catalogue
from tacho_enricher.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE)


def test_every_setting_is_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(TACHO_\w+)` \| `?([^`|]*)`?", README, flags=re.MULTILINE))
    fields = {
        field.validation_alias or f"TACHO_ENRICHER_{name.upper()}": field
        for name, field in Settings.model_fields.items()
    }
    assert set(rows) == set(fields)
    for name, field in fields.items():
        if field.default not in (None, ""):
            default = ",".join(field.default) if isinstance(field.default, tuple) else str(field.default)
            assert rows[str(name)].strip() == default


def test_every_reject_reason_is_in_the_table() -> None:
    assert set(first_cells("Why a record is rejected")) == set(load_catalogue().reject_reasons)
