"""Deliberate mistakes, one a line of code, and the check that must see each: a test of the tests."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.tests.terraform import rules
from deploy.tests.terraform.offline import Tree
from deploy.tests.terraform.test_kafka_access import ARN, allowed_by, needed
from deploy.tests.terraform.test_plans import planned

Check = Callable[[Tree], list[str]]
"""What a check finds wrong with a copy; a TerraformError counts as found too."""


@dataclass(frozen=True)
class Mutation:
    """One place of one file written wrongly, and a part of what the check then says."""

    mistake: str
    path: str
    right: str
    wrong: str
    check: Check
    says: str


def plan_of(stage: str) -> Check:
    """The stage's plan, held against the rules of every plan."""

    def check(tree: Tree) -> list[str]:
        plan = planned(stage, tree=tree)
        untagged = [f"{address} is not tagged" for address in rules.badly_tagged(plan, stage)]
        return [*untagged, *(f"{name}: {offence}" for name, rule in rules.RULES.items() for offence in rule(plan))]

    return check


def own_tests_of(folder: str) -> Check:
    """The module's or stage's own `.tftest.hcl`."""
    return lambda tree: [] if tree.terraform_test(folder) else ["no output"]


def kafka_permissions(tree: Tree) -> list[str]:
    """Each service's permissions against the catalogue, both ways."""
    found = []
    for service, may in allowed_by(tree).items():
        if service == "operator":
            continue
        found += [f"{service} may {action} on {arn}" for action, arn in sorted(may - needed(service))]
        found += [f"{service} lacks {action} on {arn}" for action, arn in sorted(needed(service) - may)]
    return found


MSK, BUCKET, ACCESS = "modules/msk/main.tf", "modules/bucket/main.tf", "modules/kafka_access"
LOG_PLAN, FOUNDATION_PLAN = plan_of("20-msk"), plan_of("10-foundation")

MUTATIONS = (
    Mutation("brokers take plain text", MSK, '"TLS"', '"TLS_PLAINTEXT"', LOG_PLAN, "carries plain text"),
    Mutation(
        "brokers talk plain text to each other",
        MSK,
        "in_cluster    = true",
        "in_cluster    = false",
        LOG_PLAN,
        "plain text",
    ),
    Mutation(
        "brokers admit strangers",
        MSK,
        "unauthenticated = false",
        "unauthenticated = true",
        LOG_PLAN,
        "have not signed in",
    ),
    Mutation(
        "brokers have public addresses", MSK, '"DISABLED"', '"SERVICE_PROVIDED_EIPS"', LOG_PLAN, "no public way in"
    ),
    Mutation(
        "the internet reaches the brokers' port",
        "modules/msk/iam.tf",
        "referenced_security_group_id = var.client_security_group_id",
        'cidr_ipv4 = "0.0.0.0/0"',
        LOG_PLAN,
        "no public way in: module.msk.aws_vpc_security_group_ingress_rule.clients",
    ),
    Mutation(
        "a replica that lags may lead",
        MSK,
        '"unclean.leader.election.enable" = false',
        '"unclean.leader.election.enable" = true',
        LOG_PLAN,
        "lacks unclean.leader.election.enable=false",
    ),
    Mutation(
        "a typing error makes a topic",
        MSK,
        '"auto.create.topics.enable"      = false',
        '"auto.create.topics.enable"      = true',
        LOG_PLAN,
        "lacks auto.create.topics.enable=false",
    ),
    Mutation(
        "one replica acknowledges",
        MSK,
        '"min.insync.replicas"            = 2',
        '"min.insync.replicas"            = 1',
        LOG_PLAN,
        "lacks min.insync.replicas=2",
    ),
    Mutation("brokers' logs are kept for ever", MSK, "retention_in_days = var.log_days", "", LOG_PLAN, "logs that end"),
    Mutation(
        "a monitoring level that is none",
        MSK,
        '"DEFAULT"',
        '"EVERYTHING"',
        LOG_PLAN,
        "expected enhanced_monitoring to be",
    ),
    Mutation(
        "an argument that is none", MSK, "cluster_name           =", "cluster_names          =", LOG_PLAN, "argument"
    ),
    Mutation(
        "a stage without tags",
        "stages/20-msk/versions.tf",
        "tags = local.tags",
        "tags = {}",
        LOG_PLAN,
        "module.msk.aws_security_group.brokers is not tagged",
    ),
    Mutation(
        "the bucket's policy allows what it should deny",
        "modules/bucket/iam.tf",
        '"Deny"',
        '"Allow"',
        FOUNDATION_PLAN,
        "allows s3:*",
    ),
    Mutation(
        "plain HTTP is not refused",
        "modules/bucket/iam.tf",
        '"aws:SecureTransport" = "false"',
        '"aws:SecureTransport" = "true"',
        FOUNDATION_PLAN,
        "takes requests without TLS",
    ),
    Mutation(
        "subnets hand out public addresses",
        "modules/network/main.tf",
        "map_public_ip_on_launch = false",
        "map_public_ip_on_launch = true",
        FOUNDATION_PLAN,
        "no public way in",
    ),
    Mutation("an encryption that is none", BUCKET, '"AES256"', '"ROT13"', FOUNDATION_PLAN, "sse_algorithm"),
    Mutation(
        "the bucket can be made public",
        BUCKET,
        "block_public_policy     = true",
        "block_public_policy     = false",
        own_tests_of("modules/bucket"),
        "The bucket can be made public.",
    ),
    Mutation(
        "overwritten objects are gone",
        BUCKET,
        'status = "Enabled"\n  }\n}\n\n# S3',
        'status = "Suspended"\n  }\n}\n\n# S3',
        own_tests_of("modules/bucket"),
        "Versioning is not on.",
    ),
    Mutation(
        "Terraform undoes later schema versions",
        "modules/registry/main.tf",
        "ignore_changes = [schema_definition]",
        "ignore_changes = [description]",
        own_tests_of("modules/registry"),
        "Terraform would register a version.",
    ),
    Mutation(
        "readers may fail on older versions",
        "modules/registry/main.tf",
        '"FULL_ALL"',
        '"BACKWARD"',
        own_tests_of("modules/registry"),
        "A reader of one version could fail on another.",
    ),
    Mutation(
        "an image's tag can move",
        "stages/10-foundation/main.tf",
        '"IMMUTABLE"',
        '"MUTABLE"',
        own_tests_of("stages/10-foundation"),
        "Tags can move.",
    ),
    Mutation(
        "every service may do what any may",
        f"{ACCESS}/main.tf",
        'operation["x-service"] == var.service',
        'operation["x-service"] != ""',
        kafka_permissions,
        f"alerter may kafka-cluster:WriteData on {ARN}:topic/tacho-dev/*/sensors-sample",
    ),
    Mutation(
        "everybody creates topics",
        f"{ACCESS}/main.tf",
        "created = local.operator ? local.topics : []",
        "created = local.topics",
        kafka_permissions,
        "producer may kafka-cluster:CreateTopic",
    ),
    Mutation(
        "every topic of the cluster is open",
        f"{ACCESS}/iam.tf",
        "/*/${topic}",
        "/*/*",
        kafka_permissions,
        f"may kafka-cluster:WriteData on {ARN}:topic/tacho-dev/*/*",
    ),
    Mutation(
        "readers cannot commit",
        f"{ACCESS}/iam.tf",
        '"kafka-cluster:AlterGroup", ',
        "",
        kafka_permissions,
        "alerter lacks kafka-cluster:AlterGroup",
    ),
)
