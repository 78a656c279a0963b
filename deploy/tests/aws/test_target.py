from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber

from tacho.aws.adapters.cloud import Cloud
from tacho.aws.adapters.sentences import sentence
from tacho.aws.target import plain_settings, target_of
from tacho.errors import UsageError

TFVARS = """
# What every stage is given.
project     = "tacho"
environment = "dev" # said twice
region      = "eu-central-1"
disposable = true
brokers=3
zones = ["a", "b"]
"""


def test_texts_numbers_and_truths_of_a_tfvars_file_are_read() -> None:
    settings = plain_settings(TFVARS)
    assert settings == {
        "project": "tacho",
        "environment": "dev",
        "region": "eu-central-1",
        "disposable": True,
        "brokers": 3,
    }


def test_names_follow_from_the_environment_and_the_account() -> None:
    target = target_of("dev", plain_settings(TFVARS), "123456789012", "aws", "eu-central-1")
    assert (target.prefix, target.state_bucket) == ("tacho-dev", "tacho-dev-state-123456789012")
    assert target.disposable


def test_credentials_of_another_account_are_refused() -> None:
    with pytest.raises(UsageError, match="is for account 1 and these credentials are of 2"):
        target_of("dev", {"account_id": "1"}, "2", "aws", "eu-central-1")


@pytest.fixture
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "dev.tfvars").write_text(TFVARS, encoding="utf-8")
    monkeypatch.setenv("TACHO_TERRAFORM", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_an_unknown_environment_names_the_known_ones(environments: Path) -> None:
    with pytest.raises(UsageError, match=r"no environment 'test' \(test\.tfvars is missing\): choose one of dev"):
        Cloud("test")


def test_a_region_that_does_not_exist_is_refused_with_its_like(environments: Path) -> None:
    with pytest.raises(UsageError, match="no AWS region 'eu-centrl-1': did you mean eu-central-1"):
        Cloud("dev", "eu-centrl-1")


def test_missing_credentials_are_one_sentence(environments: Path) -> None:
    with pytest.raises(NoCredentialsError) as caught:
        _ = Cloud("dev").target
    assert sentence(caught.value).startswith("There are no usable AWS credentials: give some (AWS_PROFILE")


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeTopic")


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (refusal("ExpiredToken"), "AWS does not accept these credentials (ExpiredToken)"),
        (refusal("AccessDeniedException", "not you."), "These credentials may not call DescribeTopic: not you."),
        (refusal("Strange", "what"), "AWS refused DescribeTopic (Strange): what."),
        (EndpointConnectionError(endpoint_url="https://kafka"), "AWS does not answer: "),
        (ConnectTimeoutError(endpoint_url="https://kafka"), "AWS does not answer: "),
    ],
)
def test_what_aws_says_becomes_one_sentence(error: Any, start: str) -> None:
    said = sentence(error)
    assert said.startswith(start)
    assert said.endswith(".")
    assert "\n" not in said


def test_the_account_and_partition_come_from_the_credentials(
    environments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sts = boto3.client("sts", region_name="cn-north-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(sts) as stub:
        arn = "arn:aws-cn:sts::123456789012:assumed-role/x/y"
        stub.add_response("get_caller_identity", {"Account": "123456789012", "Arn": arn, "UserId": "u"})
        monkeypatch.setattr(Cloud, "client", lambda self, service: sts)
        assert Cloud("dev", "cn-north-1").target.partition == "aws-cn"
