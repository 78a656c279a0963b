"""Commands as they are typed, against an account that moto plays."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tacho.__main__ import main
from tacho.aws.adapters.terraform import TerraformProcess
from tacho.aws.commands import deployment, stages, status, stopping, sweep
from tacho.aws.prices import Price

STATE_BUCKET = "tacho-dev-state-123456789012"
DATA_BUCKET = "tacho-dev-data-123456789012"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account with a state bucket and a data bucket; the environment dev is in it."""
    (tmp_path / "env").mkdir()
    settings = 'project = "tacho"\nenvironment = "dev"\nregion = "eu-central-1"\ndisposable = true\n'
    (tmp_path / "env" / "dev.tfvars").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("TACHO_TERRAFORM", str(tmp_path))
    monkeypatch.setenv("TACHO_HOME", str(tmp_path / "home"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    # Not every machine has Terraform; what is typed here never gets as far as starting it.
    monkeypatch.setattr(TerraformProcess, "require", lambda self: None)
    prices = {"nat": Price("gateway", 0.045, "hour", "test", "2026-11-24")}
    for module in (deployment, stages, status, stopping, sweep):
        monkeypatch.setattr(module, "price_list", lambda: prices)
    with mock_aws():
        s3 = boto3.client("s3", region_name="eu-central-1")
        for bucket in (STATE_BUCKET, DATA_BUCKET):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield s3


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Type a command: exit code, output and errors."""

    def typed(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tacho", *words])
        try:
            code = main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def put_up(s3: Any, stage: str, resource: str = "t", finished: bool = True, **outputs: Any) -> None:
    """Write the state of a stage with one resource."""
    found = {"mode": "managed", "type": resource, "name": "this", "instances": [{"attributes": {"id": f"id-{stage}"}}]}
    values = {name: {"value": value} for name, value in outputs.items()}
    state = {"version": 4, "outputs": values, "resources": [found]}
    s3.put_object(Bucket=STATE_BUCKET, Key=f"{stage}/terraform.tfstate", Body=json.dumps(state))
    s3.put_object(Bucket=STATE_BUCKET, Key=f"{stage}/progress.json", Body=json.dumps({"finished": finished}))
