from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tacho.commands import options
from tacho.errors import UsageError
from tacho.local.layout import RunFolder
from tacho.local.settings import RunSettings, parse_seconds, whole_seconds


@pytest.mark.parametrize(("text", "seconds"), [("60", 60.0), ("10s", 10.0), ("15m", 900.0), ("1.5h", 5400.0)])
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "10d", "-5s", "0"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no duration"):
        parse_seconds(text)


def test_a_window_must_be_whole_seconds() -> None:
    with pytest.raises(UsageError, match="whole number of seconds"):
        whole_seconds("2.5s")


def test_a_run_gets_every_option_that_is_one_of_its_settings_and_no_other() -> None:
    found: list[RunSettings] = []
    app = typer.Typer()

    @app.command()
    def started(
        context: typer.Context,
        cars: options.Cars = 20,
        window_seconds: options.Window = 900,
        slide_seconds: options.Slide = None,
        summary: str = "",
    ) -> None:
        found.append(options.run_settings(context, RunFolder(Path("run"))))

    arguments = ["--cars", "3", "--window", "1m", "--slide", "20s", "--summary", "x"]
    for given in ([], arguments):
        assert CliRunner().invoke(app, given, catch_exceptions=False).exit_code == 0
    assert [(one.cars, one.window_seconds, one.slide_seconds) for one in found] == [(20, 900, None), (3, 60, 20)]
