"""What every plan must keep to. Each rule gives the offences it finds, so that mutations can be shown to be caught."""

from collections.abc import Callable

from deploy.tests.terraform.offline import Plan
from deploy.tests.terraform.reading import hidden_policies, open_doors, resources, statements

TAGS = {"project": "tacho", "environment": "dev", "managed-by": "terraform"}
# Managed policies that open a whole account or service, by the end of their ARN.
ADMIN = ("/AdministratorAccess", "/PowerUserAccess", "FullAccess", "/IAMFullAccess")


def broad_actions(plan: Plan) -> list[str]:
    """Allowed actions with a wildcard, allowed to somebody unnamed, or hidden from the plan; admin policies."""
    found = [f"{path} is not shown by the plan" for path in hidden_policies(plan)]
    for statement in statements(plan):
        if statement.effect != "Allow":
            continue
        found += [f"{statement.address} allows {action}" for action in statement.actions if "*" in action]
        if statement.principal in ("*", {"AWS": "*"}):
            found.append(f"{statement.address} allows it to everybody")
    for attachment in resources(plan, "aws_iam_role_policy_attachment", "aws_iam_role"):
        arns = [attachment.values.get("policy_arn"), *(attachment.values.get("managed_policy_arns") or [])]
        found += [f"{attachment.address} attaches {arn}" for arn in arns if arn and arn.endswith(ADMIN)]
    return found


def public_ways_in(plan: Plan) -> list[str]:
    """Ways in from the internet."""
    return open_doors(plan)


def unencrypted(plan: Plan) -> list[str]:
    """What would store or carry data in the clear."""
    found = []
    buckets = resources(plan, "aws_s3_bucket")
    ciphers = resources(plan, "aws_s3_bucket_server_side_encryption_configuration")
    algorithms = [
        default["sse_algorithm"]
        for cipher in ciphers
        for rule in cipher.values["rule"]
        for default in rule["apply_server_side_encryption_by_default"]
    ]
    if len(algorithms) < len(buckets) or set(algorithms) - {"AES256", "aws:kms"}:
        found.append("a bucket is not encrypted")
    denials = [
        statement
        for statement in statements(plan)
        if statement.effect == "Deny"
        and statement.condition == {"Bool": {"aws:SecureTransport": "false"}}
        and (statement.actions, statement.principal) == (("s3:*",), "*")
    ]
    if len(denials) < len(buckets):
        found.append("a bucket takes requests without TLS")
    for repository in resources(plan, "aws_ecr_repository"):
        if [kind["encryption_type"] for kind in repository.values["encryption_configuration"]] not in (
            ["AES256"],
            ["KMS"],
        ):
            found.append(f"{repository.address} is not encrypted")
    for cluster in resources(plan, "aws_msk_cluster"):
        (encryption,) = cluster.values["encryption_info"]
        (transit,) = encryption["encryption_in_transit"]
        if transit["client_broker"] != "TLS":
            found.append(f"{cluster.address} takes plain text from clients")
        if not transit["in_cluster"]:
            found.append(f"{cluster.address} carries plain text between brokers")
        (signing_in,) = cluster.values["client_authentication"]
        if signing_in["unauthenticated"] or not all(kind["iam"] for kind in signing_in["sasl"]):
            found.append(f"{cluster.address} admits clients that have not signed in")
    return found


def badly_tagged(plan: Plan, stage: str) -> list[str]:
    """Resources that could be tagged and lack one of ours: `tacho aws sweep`, costs and the off switch go by tag."""
    wanted = TAGS | {"stage": stage}
    return [
        resource.address
        for resource in resources(plan)
        if "tags_all" in resource.values and wanted.items() - (resource.values["tags_all"] or {}).items()
    ]


def weak_log(plan: Plan) -> list[str]:
    """Settings with which the log could lose or invent something."""
    wanted = {
        "auto.create.topics.enable=false",
        "unclean.leader.election.enable=false",
        "default.replication.factor=3",
        "min.insync.replicas=2",
    }
    found = [
        f"{configuration.address} lacks {line}"
        for configuration in resources(plan, "aws_msk_configuration")
        for line in sorted(wanted - set(configuration.values["server_properties"].split("\n")))
    ]
    for cluster in resources(plan, "aws_msk_cluster"):
        if cluster.values["number_of_broker_nodes"] != 3:
            found.append(f"{cluster.address} has not three brokers")
        if not cluster.values["logging_info"]:
            found.append(f"{cluster.address} writes no log")
    return found


def kept_data_at_risk(plan: Plan) -> list[str]:
    """Resources that would be destroyed with what people have put there."""
    return [
        resource.address
        for resource in resources(plan)
        if resource.values.get("force_destroy") or resource.values.get("force_delete")
    ]


def everlasting_logs(plan: Plan) -> list[str]:
    """Log groups whose cost only grows."""
    return [
        group.address for group in resources(plan, "aws_cloudwatch_log_group") if not group.values["retention_in_days"]
    ]


RULES: dict[str, Callable[[Plan], list[str]]] = {
    "no wildcard action": broad_actions,
    "no public way in": public_ways_in,
    "encryption everywhere": unencrypted,
    "a log that keeps": weak_log,
    "logs that end": everlasting_logs,
}
