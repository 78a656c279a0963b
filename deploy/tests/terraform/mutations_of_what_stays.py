"""Deliberate mistakes in the stages that others stand on: buckets, network, ways out, the log and who may use it."""

from deploy.tests.terraform.mutations import Check, Mutation, own_tests_of, plan_of
from deploy.tests.terraform.offline import Tree
from deploy.tests.terraform.test_egress import amiss
from deploy.tests.terraform.test_kafka_access import ARN, allowed_by, needed


def _offences_of_kafka_access(tree: Tree) -> list[str]:
    """Each service's permissions against the catalogue, both ways."""
    found = []
    for service, may in allowed_by(tree).items():
        found += [f"{service} may {action} on {arn}" for action, arn in sorted(may - needed(service))]
        found += [f"{service} lacks {action} on {arn}" for action, arn in sorted(needed(service) - may)]
    return found


KAFKA_PERMISSIONS = Check("Kafka permissions", _offences_of_kafka_access)
MSK, BUCKET, ACCESS = "modules/msk/main.tf", "modules/bucket/main.tf", "modules/kafka_access"
LOG_PLAN, FOUNDATION_PLAN = plan_of("20-msk"), plan_of("10-foundation")

MUTATIONS_OF_WHAT_STAYS = (
    Mutation("brokers take plain text", MSK, '"TLS"', '"TLS_PLAINTEXT"', LOG_PLAN, "takes plain text from clients"),
    Mutation(
        "brokers talk plain text to each other",
        MSK,
        "in_cluster    = true",
        "in_cluster    = false",
        LOG_PLAN,
        "carries plain text between brokers",
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
        "brokers have public addresses",
        MSK,
        '"DISABLED"',
        '"SERVICE_PROVIDED_EIPS"',
        LOG_PLAN,
        "no public way in: module.msk.aws_msk_cluster.this",
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
        plan_of("00-state"),
        "takes requests without TLS",
    ),
    Mutation(
        "subnets hand out public addresses",
        "modules/network/main.tf",
        "map_public_ip_on_launch = false",
        "map_public_ip_on_launch = true",
        FOUNDATION_PLAN,
        "no public way in: module.network.aws_subnet.private",
    ),
    Mutation(
        "an encryption that is none", BUCKET, '"AES256"', '"ROT13"', plan_of("00-state"), "sse_algorithm", alone=True
    ),
    Mutation(
        "the internet reaches the endpoints",
        "modules/egress/iam.tf",
        "cidr_ipv4         = var.vpc_cidr",
        'cidr_ipv4         = "0.0.0.0/0"',
        own_tests_of("modules/egress"),
        "Others than the VPC may use the endpoints.",
    ),
    Mutation(
        "an endpoint is forgotten and one is paid for in vain",
        "modules/egress/main.tf",
        '"ssm" ',
        '"sqs" ',
        Check("the endpoints that are called", amiss),
        "no way to ssm",
    ),
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
        KAFKA_PERMISSIONS,
        f"alerter may kafka-cluster:WriteData on {ARN}:topic/tacho-dev/*/sensors-sample",
        alone=True,
    ),
    Mutation(
        "everybody creates topics",
        f"{ACCESS}/main.tf",
        "created = local.operator ? local.topics : []",
        "created = local.topics",
        KAFKA_PERMISSIONS,
        "producer may kafka-cluster:CreateTopic",
        alone=True,
    ),
    Mutation(
        "every topic of the cluster is open",
        f"{ACCESS}/iam.tf",
        "/*/${topic}",
        "/*/*",
        KAFKA_PERMISSIONS,
        f"may kafka-cluster:WriteData on {ARN}:topic/tacho-dev/*/*",
        alone=True,
    ),
    Mutation(
        "readers cannot commit",
        f"{ACCESS}/iam.tf",
        '"kafka-cluster:AlterGroup", ',
        "",
        KAFKA_PERMISSIONS,
        "alerter lacks kafka-cluster:AlterGroup",
        alone=True,
    ),
    Mutation(
        "an archive's old records cannot be kept",
        f"{ACCESS}/main.tf",
        'altered = local.operator ? [local.catalogue.channels["sensors-sample"].address] : []',
        "altered = []",
        KAFKA_PERMISSIONS,
        f"operator lacks kafka-cluster:AlterTopicDynamicConfiguration on {ARN}:topic/tacho-dev/*/sensors-sample",
        alone=True,
    ),
)
