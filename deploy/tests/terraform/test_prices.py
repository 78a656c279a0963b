"""What each stage costs a day, reckoned from its true plan and deploy/prices.toml."""

import datetime
from typing import Any

import pytest

from deploy.tests.terraform.offline import ROOT
from deploy.tests.terraform.test_plans import STAGES, planned
from tacho.aws.cost import daily, total
from tacho.aws.prices import read_prices
from tacho.aws.resources import from_plan

PRICES = read_prices(ROOT / "deploy" / "prices.toml")


def usd_a_day(stage: str, variables: dict[str, Any] | None = None) -> float:
    lines = daily(from_plan(planned(stage, variables)), PRICES)
    assert [line for line in lines if line.missing] == []
    return total(lines)


@pytest.mark.parametrize("stage", STAGES)
def test_everything_a_stage_makes_has_a_price(stage: str) -> None:
    assert usd_a_day(stage) >= 0.0


def test_the_seeds_single_node_costs_a_quarter_of_what_the_seed_said() -> None:
    # 24 x (0.192 + 0.048) and a 64 GB disk and the key of it; the seed's 23 a day is four nodes' price.
    disk, key = 64 * 0.08 * 24 / 730, 1.00 * 24 / 730
    assert usd_a_day("30-emr") == pytest.approx(5.76 + disk + key, abs=0.005)


def test_serverless_is_priced_at_the_most_it_may_grow_to() -> None:
    most = 24 * (14 * 0.052624 + 32 * 0.0057785)
    assert usd_a_day("30-emr", {"deployment": "serverless"}) == pytest.approx(most, abs=0.005)


def test_the_demo_log_is_three_small_brokers_and_sixty_gigabytes() -> None:
    assert usd_a_day("20-msk") == pytest.approx(24 * 3 * 0.0456 + 60 * 0.10 * 24 / 730, abs=0.005)


def test_the_services_cost_cents() -> None:
    assert usd_a_day("40-services") < 2.00


@pytest.mark.parametrize("stage", ["00-state", "10-foundation", "50-viewer", "60-guard"])
def test_what_stays_up_costs_cents(stage: str) -> None:
    assert usd_a_day(stage) < 0.25


def test_every_price_has_a_day_and_a_source() -> None:
    for item, price in PRICES.items():
        assert datetime.date.fromisoformat(price.date) <= datetime.date.today(), item
        assert len(price.source) > 10, item
        assert price.usd > 0, item


def test_every_node_size_that_can_be_chosen_has_both_of_its_prices() -> None:
    module = (ROOT / "deploy/terraform/modules/emr/main.tf").read_text()
    listed = module.split("smallest_first = [")[1].split("]")[0].replace('"', "").split(", ")
    assert {f"{kind}.{size}" for kind in ("ec2", "emr") for size in listed} <= PRICES.keys()
