"""The tables of docs/operations.md hold what they claim: the seed's commands, permissions, prices and sizes."""

import math
import re

import pytest

from tacho.aws.prices import read_prices
from tacho.aws.stages import NAMES
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.examples import iter_examples
from tests.operations.documents import OPERATIONS, ROOT, spans, table

PRICES = read_prices(ROOT / "deploy" / "prices.toml")
# Everything the seed tells its reader to type, and the two it only speaks of.
SEED = {
    "git clone <repository-url>",
    "cd spark-kafka-pipeline",
    "cd terraform",
    "terraform init",
    "terraform apply",
    "terraform apply -target=module.emr",
    "terraform destroy -target=module.emr",
    "terraform destroy -target=module.msk",
    "terraform output",
    "terraform output -raw bucket_name",
    "aws s3 ls s3://spark-kafka-pipeline-zn1fp2wf/data/dims/ --recursive",
    "aws s3 ls s3://$(terraform output -raw bucket_name)/data/dims/ --recursive",
    "aws emr add-steps",
    "clean-up scripts",
}
# The IAM service behind a resource type, by the first part of its name; those that EC2 owns have many names.
_IAM = {
    "budgets": "budgets",
    "cloudwatch_dashboard": "cloudwatch",
    "cloudwatch_log": "logs",
    "cloudwatch_metric": "cloudwatch",
    "ecr": "ecr",
    "ecs": "ecs",
    "emr_": "elasticmapreduce",
    "emrserverless": "emr-serverless",
    "glue": "glue",
    "iam": "iam",
    "kms": "kms",
    "lambda": "lambda",
    "msk": "kafka",
    "s3": "s3",
    "scheduler": "scheduler",
    "sns": "sns",
    "ssm": "ssm",
}


def test_every_command_of_the_seed_has_one_of_ours_beside_it() -> None:
    rows = table("the seed types")
    assert {spans(row[0])[0] if spans(row[0]) else row[0] for row in rows} == SEED
    for row in rows:
        assert re.match(r"(tacho|aws|git|make) ", spans(row[1])[0])


def test_every_stage_is_in_the_order_of_the_tool() -> None:
    assert [spans(row[0])[0] for row in table("stage")] == list(NAMES)


@pytest.mark.parametrize("row", table("stage | services"), ids=lambda row: row[0])
def test_the_permissions_of_a_stage_are_those_of_its_resources(row: list[str]) -> None:
    stage = ROOT / "deploy" / "terraform" / "stages" / spans(row[0])[0]
    texts = [path.read_text() for path in stage.glob("*.tf")]
    for module in sorted(set(re.findall(r'source\s*=\s*"\.\./\.\./(modules/\w+)"', "\n".join(texts)))):
        texts += [path.read_text() for path in (ROOT / "deploy" / "terraform" / module).glob("*.tf")]
    kinds = set(re.findall(r'^resource "aws_(\w+)"', "\n".join(texts), re.M))
    needed = {next((service for part, service in _IAM.items() if kind.startswith(part)), "ec2") for kind in kinds}
    assert row[1].split(", ") == sorted(needed)


def units(text: str) -> dict[str, float]:
    """`3 msk.kafka.t3.small + 60 msk.storage` by item."""
    return {item: float(count) for count, item in (part.split(" ") for part in text.split(" + ") if part)}


def a_day(row: list[str]) -> float:
    return sum(PRICES[item].usd_per_day * count for item, count in units(row[1]).items())


def test_what_a_day_costs_follows_from_the_price_list() -> None:
    for row in table("what is up"):
        assert row[2] == f"{a_day(row):.2f}", row[0]


def test_the_demo_and_the_seeds_node_cost_what_the_text_says() -> None:
    text = OPERATIONS.read_text().replace("\n", " ")
    days = {row[0]: a_day(row) for row in table("what is up")}
    still = sum(days[name] for name in days if 'nat"' in name or 'demo"' in name or "as in the seed" in name)
    demo = still + days["`40-services`"] + days["`60-guard`"]
    assert f"is {demo:.2f} a day" in text
    assert f"still cost {still:.2f} of that" in text
    node = PRICES["ec2.m5.xlarge"].usd_per_day + PRICES["emr.m5.xlarge"].usd_per_day
    assert round(23 / node) == 4


def test_every_unit_price_stands_there_with_date_and_source_as_in_the_list() -> None:
    used = {item for row in table("what is up") for item in units(row[1])}
    rows = {row[0]: row[1:] for row in table("unit")}
    assert rows.keys() == used
    for item, row in rows.items():
        price = PRICES[item]
        assert row == [f"{price.usd:.7f}".rstrip("0").rstrip("."), price.per, price.date, price.source], item


def figures() -> dict[str, list[float]]:
    return {row[0]: [float(n.replace(",", "")) for n in re.findall(r"[\d.,]*\d", row[1])] for row in table("figure")}


def test_the_bytes_are_those_of_the_published_examples() -> None:
    found = [
        len(Codec(record).encode(next(one.payload for one in iter_examples(record) if one.name == name)))
        for record, name in (("SensorSample", "cruising"), ("EnrichedSample", "known-car"), ("Alert", "speeding"))
    ]
    assert figures()["bytes of a sample, enriched sample, alert"] == found


def sized(cars: int) -> list[str]:
    """A row of the sizing table, from the figures above it."""
    given = figures()
    sample, enriched, alert = given["bytes of a sample, enriched sample, alert"]
    record, batch = given["key and frame of a record; frame of a batch"]
    frame = record + (batch if cars <= 2000 else 0)
    (share,) = given["alerts for a sample, each on two topics"]
    (full,) = given["load at which a core is full"]
    size = sample + enriched + 2 * frame + 2 * share * (alert + frame)
    partitions = max(load_catalogue().topics["sensors-sample"].partitions, math.ceil(cars / 25_000))
    windows = given["`windows`, core seconds for a million samples"][0] / 1e6
    alert_windows = given["`alert-windows`, core seconds for 10,000 alerts"][0] / 1e4
    busy = cars * (1 / given["`enrich`, samples for a core second"][0] + windows + share * alert_windows)
    vcpus = max(busy, given["both enricher processes live, cores"][0]) / full
    week = cars * size * 86_400 * 7 / given["a disk is full at"][0] / 2**30
    return [
        f"{cars:,}",
        _two(cars * size / 1e6),
        str(partitions),
        str(partitions + 2),
        _two(vcpus),
        _spark(partitions + 2, vcpus),
        f"{week:,.0f}",
        f"{week / 7:,.0f}",
    ]


def _two(value: float) -> str:
    """Two digits, or all before the point."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.05 else f"{value:.0g}"


def _spark(slots: int, vcpus: float) -> str:
    for name, has in (("m5.xlarge", 4), ("m5.2xlarge", 8), ("m5.4xlarge", 16), ("m5.8xlarge", 32)):
        if slots <= 4 * has and vcpus <= has:
            return name
    return f"Serverless, {math.ceil(max(slots, vcpus) / 16)} workers of 16 vCPUs"


def test_the_sizes_follow_from_the_figures() -> None:
    for row in table("cars"):
        assert row == sized(int(row[0].replace(",", "")))


def test_the_figures_of_express_and_serverless_are_reckoned_right() -> None:
    text = OPERATIONS.read_text().replace("\n", " ")
    partitions = sum(topic.partitions for topic in load_catalogue().topics.values())
    assert f"{24 * (0.75 + partitions * 0.0015):.2f} a day for the catalogue's {partitions}" in text
    assert f"three cost {3 * 24 * 0.408:.2f} a day" in text
