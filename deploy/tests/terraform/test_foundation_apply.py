"""The foundation made for real, against a server that plays AWS: it is complete, settled, and goes away again.

The stage is the shipped one, but for what `pretended_aws` says.
"""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.offline import ROOT, Tree
from deploy.tests.terraform.pretended_aws import direct, pretended_aws

REGION = "eu-central-1"
STAGE = "10-foundation"
BUCKET = f"tacho-dev-data-{offline.ACCOUNT}"


class Account:
    """The pretended account: its server, and the tree whose foundation is made there."""

    def __init__(self, endpoint: str, tree: Tree) -> None:
        self.endpoint = endpoint
        self.tree = tree
        self.folder = tree.stage(STAGE)
        direct(tree, endpoint, STAGE)

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "offline", "aws_secret_access_key": "offline"}
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint, **keys)  # type: ignore[call-overload]

    def tag_registry(self) -> None:
        """Glue keeps a new registry's tags; the server that plays it forgets them, but keeps those set later."""
        (change,) = (
            item
            for item in self.tree.plan_folder(self.folder, {})["resource_changes"]
            if item["type"] == "aws_glue_registry"
        )
        wanted = change["change"]["after"]
        self.client("glue").tag_resource(ResourceArn=wanted["arn"], TagsToAdd=wanted["tags_all"])

    def changes(self, variables: dict[str, Any] | None = None) -> list[str]:
        """What another apply would do."""
        plan = self.tree.plan_folder(self.folder, variables or {})
        touched = [(change["address"], change["change"]["actions"]) for change in plan.get("resource_changes", [])]
        touched += [(f"output {name}", change["actions"]) for name, change in plan.get("output_changes", {}).items()]
        return [f"{address}: {', '.join(actions)}" for address, actions in touched if actions != ["no-op"]]

    def terraform(self, verb: str, *options: str) -> str:
        return self.tree.run(self.folder, verb, "-auto-approve", *options, *self.tree.settings(self.folder, {}))


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with pretended_aws() as endpoint:
        made = Account(endpoint, offline.tree().copy(tmp_path_factory.mktemp("account") / "tree"))
        made.terraform("apply")
        made.tag_registry()
        yield made


def test_a_second_apply_has_nothing_to_do(account: Account) -> None:
    assert account.changes() == []


def test_the_dimensions_are_where_the_seed_lists_them(account: Account) -> None:
    listed = account.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="data/dims/")["Contents"]
    assert {item["Key"] for item in listed} == {
        "data/dims/car_colors/car_colors.csv",
        "data/dims/car_models/car_models.csv",
        "data/dims/drivetrains/drivetrains.csv",
    }
    models = account.client("s3").get_object(Bucket=BUCKET, Key="data/dims/car_models/car_models.csv")["Body"].read()
    assert models == (ROOT / "data" / "dims" / "car_models" / "car_models.csv").read_bytes()


def test_the_bucket_is_private_encrypted_and_versioned(account: Account) -> None:
    s3 = account.client("s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_every_contract_is_published_in_its_first_version(account: Account) -> None:
    glue = account.client("glue")
    for folder in sorted((ROOT / "schemas" / "avro").iterdir()):
        name = {"RegistryName": "tacho-dev", "SchemaName": folder.name}
        definition = glue.get_schema_version(SchemaId=name, SchemaVersionNumber={"VersionNumber": 1})[
            "SchemaDefinition"
        ]
        assert json.loads(definition) == json.loads((folder / "v1.avsc").read_text())
        assert glue.get_schema(SchemaId=name)["Compatibility"] == "FULL_ALL"


def test_a_second_version_of_a_contract_is_nothing_terraform_would_undo(account: Account) -> None:
    schema = json.loads((ROOT / "schemas" / "avro" / "SensorSample" / "v1.avsc").read_text())
    schema["fields"].append({"name": "odometer", "type": ["null", "double"], "default": None})
    registered = account.client("glue").register_schema_version(
        SchemaId={"RegistryName": "tacho-dev", "SchemaName": "SensorSample"}, SchemaDefinition=json.dumps(schema)
    )
    assert registered["VersionNumber"] == 2
    assert account.changes() == []


def test_keys_of_another_account_are_refused(account: Account) -> None:
    with pytest.raises(offline.TerraformError, match="not allowed"):
        account.changes({"account_id": "210987654321"})


# The last one: it takes everything away.
def test_down_leaves_nothing_behind(account: Account) -> None:
    account.terraform("destroy")
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert account.client("ecr").describe_repositories()["repositories"] == []
    assert account.client("glue").list_registries()["Registries"] == []
    groups = account.client("ec2").describe_security_groups()["SecurityGroups"]
    assert [group["GroupName"] for group in groups if group["GroupName"].startswith("tacho")] == []
