import csv
import io
import json

import pytest
from rich.console import Console

from deploy.tests.report.made import BEGIN, CAR, DRIVER, rows, sample
from tacho.report.drivers import Choice
from tacho.report.driving import Limits
from tacho.report.view import COLUMNS, as_csv, as_document, flat, harmless, table

DRIVE = [sample(number, 130.0 if number < 10 else 60.0) for number in range(101)]


def shown(samples: list[dict[str, object]]) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(table(rows(samples), Limits()))
    return capture.get()


def test_the_table_shows_the_figures_the_score_and_what_was_taken_off() -> None:
    line = shown(DRIVE).splitlines()[1]
    for part in (str(DRIVER), str(CAR), "Mazda 3", "0:01:40", "0:00:10", "45.0", "speed 30, harsh 25"):
        assert part in line


def test_a_short_drive_says_why_it_has_no_score() -> None:
    assert "below 1 km" in shown(DRIVE[:3])


def test_csv_has_a_line_for_each_row_and_its_numbers_are_numbers() -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv(rows(DRIVE))))
    assert tuple(row) == COLUMNS
    assert (row["driver_id"], row["speeding_seconds"], row["score"]) == (str(DRIVER), "10.0", "45.0")
    assert f'{DRIVER},{CAR},"Mazda 3",101,' in as_csv(rows(DRIVE))


def test_a_row_has_a_figure_for_every_column() -> None:
    assert tuple(flat(rows(DRIVE)[0])) == COLUMNS


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_defused_and_a_number_is_not(start: str) -> None:
    assert harmless(f"{start}cmd") == f"'{start}cmd"
    assert harmless(-1.5) == -1.5
    (row,) = csv.DictReader(io.StringIO(as_csv(rows([sample(1, brand_name=f"{start}1+1")])), newline=""))
    assert row["model"].startswith("'")


def test_the_document_says_what_led_to_it() -> None:
    limits, choice = Limits(speed_kmh=100), Choice(since=BEGIN)
    found = json.loads(json.dumps(as_document(rows(DRIVE, limits), limits, choice, repeats=3)))
    assert (found["since"], found["until"], found["limits"]["speed_kmh"]) == ("2026-11-18T11:06:40.000Z", None, 100)
    assert found["score"]["harsh"] == {"figure": "harsh events per 100 km", "points": 1.0, "most": 25.0}
    assert (found["repeats_left_out"], found["rows"][0]["car_id"]) == (3, CAR)


def test_no_text_of_a_record_commands_the_terminal() -> None:
    text = shown([sample(0, brand_name="\x1b[2J[bold]"), sample(1)])
    assert "\x1b" not in text
    assert "[bold]" in text
