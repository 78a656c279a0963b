"""The true plan of every stage, by the real provider without an account, held against the rules of every plan."""

import re
from typing import Any

import pytest

from deploy.tests.terraform import offline, rules
from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.offline import ACCOUNT, ROOT, Plan, Tree
from deploy.tests.terraform.reading import resources, statements
from tests.operations.documents import table

TERRAFORM = ROOT / "deploy" / "terraform"
STAGES = sorted(folder.name for folder in (TERRAFORM / "stages").iterdir() if folder.is_dir())
# Settings that make a stage plan something else, beside its plain plan.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "15-egress": [{"mode": "endpoints"}],
    "20-msk": [{"size": "standard"}],
    "30-emr": [{"deployment": "serverless"}],
}
# The demo is what env/dev says.
SIZES: dict[str, dict[str, Any]] = {"demo": {}, "standard": {"size": "standard"}}
PLANS = [(stage, variant) for stage in STAGES for variant in ({}, *VARIANTS.get(stage, []))]


def declared(stage: str) -> set[str]:
    """The variables a stage asks for."""
    text = (TERRAFORM / "stages" / stage / "variables.tf").read_text()
    return set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))


def planned(stage: str, variables: dict[str, Any] | None = None, tree: Tree | None = None) -> Plan:
    """A stage's plan with what earlier stages hand on."""
    given = {name: value for name, value in OUTPUTS.items() if name in declared(stage)}
    return (tree or offline.tree()).plan(stage, given | (variables or {}))


def refusal(stage: str, variables: dict[str, Any]) -> str:
    """What Terraform says of these settings, in one line: it breaks lines and draws a box around them."""
    with pytest.raises(offline.TerraformError) as refused:
        planned(stage, variables)
    return refused.value.in_one_line()


@pytest.mark.parametrize("rule", rules.RULES)
@pytest.mark.parametrize(("stage", "variant"), PLANS, ids=str)
def test_every_plan_keeps_to(stage: str, variant: dict[str, Any], rule: str) -> None:
    assert rules.RULES[rule](planned(stage, variant)) == []


@pytest.mark.parametrize(("stage", "variant"), PLANS, ids=str)
def test_everything_that_can_be_tagged_is(stage: str, variant: dict[str, Any]) -> None:
    assert rules.badly_tagged(planned(stage, variant), stage) == []


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_holding_data_goes_unless_it_is_disposable(stage: str) -> None:
    heeds = any("var.disposable" in path.read_text() for path in (TERRAFORM / "stages" / stage).glob("*.tf"))
    assert rules.kept_data_at_risk(planned(stage, {"disposable": False} if heeds else None)) == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_knows_one_provider_and_asks_aws_nothing(stage: str) -> None:
    configuration = planned(stage)["configuration"]
    names = {provider["full_name"] for provider in configuration["provider_config"].values()}
    assert names == {"registry.terraform.io/hashicorp/aws"}


def test_no_file_reads_data_from_aws() -> None:
    offenders = [
        path for path in TERRAFORM.glob("[ms]*/**/*.tf") if re.search(r'^data "', path.read_text(), re.MULTILINE)
    ]
    assert offenders == []


def test_the_data_bucket_and_the_state_bucket_refuse_plain_http() -> None:
    for stage, name in (("00-state", "state"), ("10-foundation", "data")):
        (policy,) = [item for item in statements(planned(stage)) if item.principal == "*"]
        arn = f"arn:aws:s3:::tacho-dev-{name}-{ACCOUNT}"
        assert (policy.effect, policy.actions, policy.resources) == ("Deny", ("s3:*",), (arn, f"{arn}/*"))
        assert policy.condition == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("size", "instance", "disk"), [("demo", "kafka.t3.small", 20), ("standard", "kafka.m7g.large", 420)]
)
def test_a_size_is_three_brokers_in_three_zones(size: str, instance: str, disk: int) -> None:
    (cluster,) = resources(planned("20-msk", SIZES[size]), "aws_msk_cluster")
    (group,) = cluster.values["broker_node_group_info"]
    (storage,) = group["storage_info"]
    assert cluster.values["number_of_broker_nodes"] == len(group["client_subnets"]) == 3
    assert group["instance_type"] == instance
    assert storage["ebs_storage_info"][0]["volume_size"] == disk


@pytest.mark.parametrize(("size", "cars"), [("demo", "20"), ("standard", "2,000")])
def test_a_sizes_disks_carry_the_cars_that_the_guide_says(size: str, cars: str) -> None:
    (cluster,) = resources(planned("20-msk", SIZES[size]), "aws_msk_cluster")
    (group,) = cluster.values["broker_node_group_info"]
    (week,) = [int(row[6]) for row in table("cars") if row[0] == cars]
    assert group["storage_info"][0]["ebs_storage_info"][0]["volume_size"] >= week


def test_names_and_arns_follow_the_partition_and_the_environment() -> None:
    china = {"partition": "aws-cn", "region": "cn-north-1", "environment": "test"}
    plan = planned("10-foundation", china | {"availability_zones": ["cn-north-1a", "cn-north-1b"]})
    arns = [arn for item in statements(plan) for arn in item.resources]
    assert arns
    assert all(arn.startswith(f"arn:aws-cn:s3:::tacho-test-data-{ACCOUNT}") for arn in arns)


@pytest.mark.parametrize(
    ("stage", "wrong", "sentences"),
    [
        (
            "20-msk",
            {"kafka_version": "3.6.0", "private_subnet_ids": ["subnet-1", "subnet-2"]},
            [
                "MSK offers Kafka 3.9.x, 3.9.x.kraft, 4.0.x.kraft and 4.1.x.kraft",
                "give 10-foundation three availability zones",
            ],
        ),
        ("20-msk", {"instance_type": "kafka.m9.huge"}, ['"kafka.m9.huge" is none of kafka.t3.small']),
        ("20-msk", {"kafka_version": "4.1.x.kraft"}, ["kafka.t3.small brokers run Kafka 3 only"]),
        ("15-egress", {"mode": "vpn"}, ["mode is nat or endpoints."]),
        ("10-foundation", {"availability_zones": ["us-east-1a", "us-east-1b"]}, ["is a zone of eu-central-1"]),
        (
            "00-state",
            {"account_id": "12345", "region": "frankfurt"},
            ["account_id is the 12 digits of an AWS account.", "region is a region's name, such as eu-central-1"],
        ),
    ],
)
def test_a_wrong_setting_is_answered_by_a_sentence(stage: str, wrong: dict[str, Any], sentences: list[str]) -> None:
    said = refusal(stage, wrong)
    assert [sentence for sentence in sentences if sentence not in said] == []
