"""Values kept in SSM, and tokens: found or refused in one sentence, before any client starts."""

import sys
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from tacho_contracts.connection import connection_from_environment
from tacho_contracts.errors import ContractError
from tacho_contracts.schemas import records, schema_text, schemas_folder, writer_schemas

REGION = "eu-central-1"
PARAMETER = "/tacho-dev/kafka/servers"


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("TACHO_KAFKA_REGION", REGION)
    monkeypatch.setenv("TACHO_KAFKA_SERVERS", f"ssm:{PARAMETER}")


@mock_aws
def test_the_servers_of_the_cluster_that_is_there_now_are_looked_up_at_start() -> None:
    ssm = boto3.client("ssm", region_name=REGION)
    for servers in ("b-1:9098,b-2:9098", "b-1.new:9098"):
        ssm.put_parameter(Name=PARAMETER, Value=servers, Type="String", Overwrite=True)
        assert connection_from_environment().servers == servers


@mock_aws
def test_a_secret_may_be_an_encrypted_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    ssm = boto3.client("ssm", region_name=REGION)
    ssm.put_parameter(Name="/scram/password", Value="s3cret", Type="SecureString")
    monkeypatch.setenv("TACHO_KAFKA_SERVERS", "b:9096")
    for name, value in {"MODE": "scram", "USER": "alerter", "PASSWORD": "ssm:/scram/password"}.items():
        monkeypatch.setenv(f"TACHO_KAFKA_{name}", value)
    connection = connection_from_environment()
    assert connection.password is not None
    assert connection.password.get_secret_value() == "s3cret"


@mock_aws
def test_a_parameter_that_is_not_there_is_named_with_its_variable_and_region() -> None:
    with pytest.raises(ContractError, match=rf"TACHO_KAFKA_SERVERS: .*{PARAMETER} in {REGION}"):
        connection_from_environment()


def test_looking_up_without_credentials_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    without_credentials(monkeypatch)
    with pytest.raises(ContractError, match=rf"{PARAMETER} cannot be read: .*credentials") as refused:
        connection_from_environment()
    assert "\n" not in str(refused.value)


def test_signing_in_without_credentials_is_refused_before_a_client_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    without_credentials(monkeypatch)
    monkeypatch.setenv("TACHO_KAFKA_SERVERS", "b:9098")
    monkeypatch.setenv("TACHO_KAFKA_MODE", "iam")
    with pytest.raises(ContractError, match=f"no token for MSK in {REGION}: there are no AWS credentials"):
        connection_from_environment()


def test_a_token_comes_from_the_signer_with_its_end_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = SimpleNamespace(generate_auth_token=lambda region: (f"token for {region}", 4_000_000_000_000))
    monkeypatch.setitem(sys.modules, "aws_msk_iam_sasl_signer", SimpleNamespace(MSKAuthTokenProvider=provider))
    monkeypatch.setenv("TACHO_KAFKA_SERVERS", "b:9098")
    monkeypatch.setenv("TACHO_KAFKA_MODE", "iam")
    assert connection_from_environment().token() == (f"token for {REGION}", 4_000_000_000.0)


@mock_aws
def test_the_writer_schemas_may_be_on_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="fleet")
    for version in (1, 2):
        client.put_object(Bucket="fleet", Key=f"schemas/Alert/v{version}.avsc", Body=schema_text("Alert").encode())
    client.put_object(Bucket="fleet", Key="schemas/README.md", Body=b"")
    monkeypatch.setenv("TACHO_SCHEMAS", "s3://fleet/schemas/")
    assert [schema.version for schema in writer_schemas("Alert")] == [1, 2]
    assert records() == ("Alert",)


@mock_aws
@pytest.mark.parametrize(("place", "words"), [("s3://nowhere/x", "cannot be read"), ("s3://fleet/x", "holds no .avsc")])
def test_schemas_that_are_not_there_are_refused_by_their_variable(
    monkeypatch: pytest.MonkeyPatch, place: str, words: str
) -> None:
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="fleet")
    monkeypatch.setenv("TACHO_SCHEMAS", place)
    with pytest.raises(ContractError, match=f"TACHO_SCHEMAS={place} {words}"):
        schemas_folder()


def without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    # boto3 keeps the session of whoever came first in this process, with the credentials it found.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
