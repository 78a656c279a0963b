"""What contracts need from AWS: values kept in the Parameter Store, tokens to sign in to MSK, files on S3.

boto3 and the signer are imported when they are needed: a laptop's run needs neither, and they take 0.3 s.
"""

import atexit
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tacho_contracts.errors import ContractError

PARAMETER_PREFIX = "ssm:"


def resolved(value: str, region: str | None, variable: str) -> str:
    """The value itself, or the parameter's that `ssm:<parameter name>` refers to.

    Raises ContractError with one sentence naming `variable` when there is no such parameter or no way to read it.
    """
    if not value.startswith(PARAMETER_PREFIX):
        return value
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    name = value.removeprefix(PARAMETER_PREFIX)
    try:
        answer = boto3.client("ssm", region_name=region).get_parameter(Name=name, WithDecryption=True)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ParameterNotFound":
            raise ContractError(f"{variable}: there is no SSM parameter {name} in {region}; is 20-msk up?") from error
        raise ContractError(f"{variable}: the SSM parameter {name} cannot be read: {error}") from error
    except BotoCoreError as error:
        raise ContractError(f"{variable}: the SSM parameter {name} cannot be read: {error}") from error
    return str(answer["Parameter"]["Value"])


def msk_token(region: str | None) -> tuple[str, float]:
    """A token for SASL/OAUTHBEARER, signed with the process's AWS role, and when it expires, seconds since the epoch.

    Clients ask again before it does. Raises ContractError with one sentence when there are no credentials to sign with.
    """
    from aws_msk_iam_sasl_signer import MSKAuthTokenProvider

    try:
        token, expires_ms = MSKAuthTokenProvider.generate_auth_token(region)
    except Exception as error:
        # The signer says so with whatever its parts raise; AttributeError stands for no credentials at all.
        why = "there are no AWS credentials" if isinstance(error, AttributeError) else str(error)
        raise ContractError(f"TACHO_KAFKA_MODE=iam: no token for MSK in {region}: {why}") from error
    return token, expires_ms / 1000.0


def fetched(location: str, suffix: str, variable: str) -> Path:
    """The objects below an s3:// prefix whose names end so, in a folder that lives as long as this process.

    Raises ContractError with one sentence naming `variable` when the place cannot be read or holds none.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    place = urlsplit(location)
    prefix = f"{place.path.strip('/')}/".lstrip("/")
    folder = Path(tempfile.mkdtemp(prefix="tacho-s3-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        client = boto3.client("s3")
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=place.netloc, Prefix=prefix)
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", []) if entry["Key"].endswith(suffix)]
        for key in keys:
            target = folder / key.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(client.get_object(Bucket=place.netloc, Key=key)["Body"].read())
    except (BotoCoreError, ClientError) as error:
        raise ContractError(f"{variable}={location} cannot be read: {error}") from error
    if not keys:
        raise ContractError(f"{variable}={location} holds no {suffix} file")
    return folder
