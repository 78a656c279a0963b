"""One deployment's way to AWS: who asks, in which region, with a client for each service."""

import difflib
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tacho.aws.target import Setting, Target, plain_settings, target_of
from tacho.errors import UsageError
from tacho.local.layout import REPOSITORY, home

if TYPE_CHECKING:
    from boto3.session import Session


def terraform_folder() -> Path:
    """Where stages/ and env/ are: TACHO_TERRAFORM, or the repository's."""
    return Path(os.environ.get("TACHO_TERRAFORM") or REPOSITORY / "deploy" / "terraform").absolute()


class Cloud:
    """Clients of one region. The account is asked once, which also proves that credentials work."""

    def __init__(self, environment: str, region: str | None = None) -> None:
        self.environment = environment
        settings = _settings(environment)
        # boto3 takes half a second and 30 MB, which no command outside `tacho aws` should pay.
        from boto3.session import Session

        session = Session()
        self.region = _known_region(session, region or str(settings.get("region") or session.region_name or ""))
        self._settings = settings
        self._session = session

    def client(self, service: Any) -> Any:
        """A boto3 client; each adapter says which service's it wants."""
        from botocore.config import Config

        patience = Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10, read_timeout=60)
        return self._session.client(service, region_name=self.region, config=patience)

    @cached_property
    def target(self) -> Target:
        """The deployment these credentials and settings mean. Raises UsageError when they do not fit."""
        who = self.client("sts").get_caller_identity()
        partition = str(who["Arn"]).split(":")[1]
        return target_of(self.environment, self._settings, str(who["Account"]), partition, self.region)

    @property
    def work(self) -> Path:
        """Where Terraform keeps its working files and plans of this deployment."""
        return home() / "aws" / f"{self.target.prefix}-{self.target.account_id}"


def _settings(environment: str) -> dict[str, Setting]:
    folder = terraform_folder() / "env"
    file = folder / f"{environment}.tfvars"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.tfvars"))) or "none"
        raise UsageError(f"There is no environment {environment!r} ({file.name} is missing): choose one of {known}.")
    return plain_settings(file.read_text(encoding="utf-8"))


def _known_region(session: "Session", region: str) -> str:
    known = [
        name
        for partition in session.get_available_partitions()
        for name in session.get_available_regions("ec2", partition_name=partition)
    ]
    if region in known:
        return region
    if not region:
        raise UsageError("No region is chosen: give --region, or set it in the environment's tfvars file.")
    close = ", ".join(difflib.get_close_matches(region, known, 3)) or "eu-central-1, us-east-1 and others"
    raise UsageError(f"There is no AWS region {region!r}: did you mean {close}?")
