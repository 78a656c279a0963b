"""docs/results is what `make results` wrote, and what its seed leads to."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cluster import REPOSITORY
from benchmarks.results.looking import described
from benchmarks.results.package import as_lines, drawn, load
from tacho.verify.dims import Dims, read_dims
from tacho.verify.expectation import Enrichment
from tacho.verify.rules import read_rules
from tacho.verify.windows import FleetFigures, Grid
from tacho_contracts.catalogue import load_catalogue
from tacho_producer.dims import load_dims
from tacho_producer.fleet import Car, Fleet
from tacho_producer.settings import load_settings
from tacho_producer.simulate import SampleSource
from tacho_producer.timeline import Timeline

FOLDER = REPOSITORY / "docs" / "results"
FOUND = load(FOLDER)
ANEW = "make it anew with `make results`"
GRID = Grid(900_000, 900_000)


def test_results_json_is_as_the_run_wrote_it() -> None:
    assert (FOLDER / "results.json").read_text(encoding="utf-8") == as_lines(FOUND), ANEW


@pytest.mark.parametrize("name", sorted(drawn(FOUND)))
def test_text_tables_and_plots_follow_from_it(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == drawn(FOUND)[name], f"{ANEW} (text and plots: --draw)"


def test_the_pictures_are_those_that_were_taken() -> None:
    assert [described(path) for path in sorted((FOLDER / "page").iterdir())] == sorted(
        FOUND["pictures"], key=lambda picture: picture["name"]
    )


def test_nothing_else_is_in_the_folder() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*drawn(FOUND), "results.json", "cars.csv", "page"}


def test_the_text_leads_to_files_that_are_there() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)#]+)\)", text))
    assert links
    assert [link for link in links if not (FOLDER / link).exists()] == []
    assert {f"page/{picture['name']}" for picture in FOUND["pictures"]} <= links


def test_the_verifier_was_content_with_every_sample_that_was_asked_for() -> None:
    verdict, asked = FOUND["verifier"], FOUND["asked"]
    assert verdict["ok"] is True
    assert verdict["samples"]["enriched"] == asked["cars"] * asked["seconds"]


def test_records_of_every_topic_are_shown() -> None:
    assert {name for name, records in FOUND["records"].items() if records} == set(load_catalogue().topics)


@pytest.fixture(scope="module")
def enriched(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The run's samples simulated again, and enriched by the verifier."""
    folder = tmp_path_factory.mktemp("results") / "dims"
    shutil.copytree(REPOSITORY / "data" / "dims", folder, ignore=shutil.ignore_patterns("cars"))
    (folder / "cars").mkdir()
    shutil.copy(FOLDER / "cars.csv", folder / "cars" / "cars.csv")
    enrichment = Enrichment(_verifiers_dims(folder), 120_000)
    return [enrichment.enrich(sample, sample["event_time"]) for sample in _simulated(folder)]


def _verifiers_dims(folder: Path) -> Dims:
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.csv")}
    return read_dims(files, "drivetrain")


def _simulated(dims: Path) -> Iterator[dict[str, Any]]:
    asked, known = FOUND["asked"], load_dims(str(dims))
    cars = [Car(car, known.drivetrains[model]) for car, model in known.cars]
    steps = int(asked["seconds"])
    fleet = Fleet(cars, asked["seed"], 1.0, load_settings({}).shares)
    timeline = Timeline(FOUND["begin"] * 1000, 0, asked["speed_up"], 1_000_000, len(cars), steps)
    batch = SampleSource(fleet, [1] * len(cars), timeline).take(steps * len(cars))
    names = ("car_id", "sequence", "event_time", "speed", "rpm", "gear")
    for row in batch.rows():
        yield dict(zip(names, row, strict=True)) | {"event_id": f"{row[0]}-{row[1]}"}


def test_the_windows_are_those_of_the_seed(enriched: list[dict[str, Any]]) -> None:
    figures = FleetFigures(GRID)
    for row in enriched:
        figures.add(row, row["color_name"], f"{row['brand_name']} {row['model_name']}")
    expected = sorted(figures.rows().values(), key=_cell)
    found = [{name: row[name] for name in expected[0]} for row in sorted(FOUND["windows"], key=_cell)]
    assert found == expected, ANEW


def test_the_alerts_of_the_seeds_rules_are_those_of_the_seed(enriched: list[dict[str, Any]]) -> None:
    shipped = REPOSITORY / "services/alerter/src/tacho_alerter/rules.yaml"
    rules = read_rules(shipped.read_text(encoding="utf-8"))
    expected = Counter(rule.id for row in enriched for rule, _ in rules.alerts(row))
    assert expected.total() > 0
    assert {rule: FOUND["alerts"]["by_rule"][rule]["alerts"] for rule in expected} == expected, ANEW


def _cell(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["window_start"], row["dimension"], row["value"]
