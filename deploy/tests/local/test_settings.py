from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tacho.commands import options
from tacho.errors import UsageError
from tacho.local.layout import RunFolder
from tacho.local.settings import LONGEST_SECONDS, RunSettings, parse_seconds, whole_seconds
from tacho_contracts.catalogue import load_catalogue


@pytest.mark.parametrize(("text", "seconds"), [("60", 60.0), ("10s", 10.0), ("15m", 900.0), ("1.5h", 5400.0)])
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "10d", "-5s", "0"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no duration"):
        parse_seconds(text)


@pytest.mark.parametrize("text", ["nan", "nans", "inf", "1e999h", "1e300s", "8e5s", "169h"])
def test_a_duration_is_no_longer_than_the_log_keeps_a_sample(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no duration|the log keeps a sample for 7 days") as raised:
        parse_seconds(text)
    assert repr(text) in str(raised.value)
    assert int(load_catalogue().topics["sensors-sample"].config["retention.ms"]) == LONGEST_SECONDS * 1000


@pytest.mark.parametrize("text", ["1e300s", "25h", "86401"])
def test_a_window_is_no_longer_than_a_day(text: str) -> None:
    with pytest.raises(UsageError, match=r"too long|keeps a sample"):
        whole_seconds(text)
    assert whole_seconds("24h") == 86_400


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
