"""Stage 50-viewer: an evaluator's five commands work, and what must stay hidden does."""

import re
from typing import Any

import pytest

from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.policies import allowed
from deploy.tests.terraform.reading import Statement, resources, statements
from deploy.tests.terraform.test_plans import planned

STAGE = "50-viewer"
SOMEBODY = {"viewer_principals": ["arn:aws:iam::210987654321:role/Evaluators"]}
HERE = "eu-central-1:123456789012"
BUCKET, STATE = OUTPUTS["bucket_arn"], "arn:aws:s3:::tacho-dev-state-123456789012"
CLUSTER = {"ecs:cluster": OUTPUTS["ecs_cluster_arn"]}
# Verbs of calls that change nothing and hand out no data of others.
READING = re.compile(r"^[a-z0-9-]+:(Get|List|Describe|Filter|View)[A-Z]?")

# What each command of the second to fifth calls: action, resource, and what AWS fills in.
CALLS: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "aws s3 ls": [("s3:ListBucket", BUCKET, {"s3:prefix": "data/dims/"})],
    "aws emr list-clusters": [("elasticmapreduce:ListClusters", "*", {})],
    "aws ecs describe-services": [
        ("ecs:DescribeServices", f"arn:aws:ecs:{HERE}:service/tacho-dev/tacho-dev-{name}", CLUSTER)
        for name in ("producer", "alerter", "dashboard")
    ],
    "aws logs tail": [("logs:FilterLogEvents", OUTPUTS["log_group_arn"], {})],
}


def viewer() -> list[Statement]:
    plan = planned(STAGE, SOMEBODY)
    return [statement for statement in statements(plan) if statement.address.endswith("aws_iam_role_policy.viewer[0]")]


def output(name: str, variables: dict[str, Any]) -> Any:
    return planned(STAGE, variables)["planned_values"]["outputs"][name].get("value")


def test_by_default_there_is_no_role() -> None:
    assert resources(planned(STAGE)) == []
    assert output("viewer_role_arn", {}) is None


def test_each_of_the_evaluators_commands_is_allowed() -> None:
    first, *others = output("evaluator_commands", SOMEBODY)
    assert "arn:aws:iam::123456789012:role/tacho-dev-viewer" in first
    assert len(others) == len(CALLS) == 4
    for command, (beginning, calls) in zip(others, CALLS.items(), strict=True):
        assert command.startswith(beginning)
        for action, resource, request in calls:
            assert allowed(viewer(), action, resource, request), f"{command} needs {action}"


def test_everything_allowed_only_reads() -> None:
    actions = {action for statement in viewer() if statement.effect == "Allow" for action in statement.actions}
    assert sorted(action for action in actions if not READING.match(action)) == []


def test_what_aws_cannot_narrow_is_listed_by_name_and_short() -> None:
    open_ended = [it for it in viewer() if it.effect == "Allow" and it.resources == ("*",) and not it.condition]
    (listed,) = open_ended
    assert not any("*" in action for action in listed.actions)
    assert len(listed.actions) <= 15


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", f"{STATE}/20-msk/terraform.tfstate"),
        ("s3:GetObject", f"{BUCKET}/checkpoints/enrich/id/e0/offsets/1"),
        ("s3:GetObject", f"{BUCKET}/archive/sensors-sample/part-0"),
        ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/tacho-dev/kafka/servers"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:any"),
        ("kafka-cluster:ReadData", f"arn:aws:kafka:{HERE}:topic/tacho-dev/id/sensors-sample"),
        ("kafka-cluster:Connect", f"arn:aws:kafka:{HERE}:cluster/tacho-dev/id"),
    ],
)
def test_state_checkpoints_secrets_and_records_stay_hidden_whatever_else_is_attached(
    action: str, resource: str
) -> None:
    everything = Statement("attached by somebody", "Allow", ("*",), ("*",), None, {})
    assert not allowed([*viewer(), everything], action, resource)


def test_sessions_are_short_and_only_for_who_is_named() -> None:
    (role,) = resources(planned(STAGE, SOMEBODY), "aws_iam_role")
    assert role.values["max_session_duration"] == 3600
    assert "210987654321:role/Evaluators" in role.values["assume_role_policy"]
    assert "switchrole?account=123456789012&roleName=tacho-dev-viewer" in output("sign_in_url", SOMEBODY)
