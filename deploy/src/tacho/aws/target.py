"""Which deployment is meant: project, environment, account and region, and the names that follow. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tacho.errors import UsageError

Setting = str | bool | int

_ASSIGNMENT = re.compile(r'^[ \t]*(\w+)[ \t]*=[ \t]*(?:"([^"]*)"|(true|false)|(\d+))[ \t]*(?:#.*|//.*)?$', re.M)


@dataclass(frozen=True)
class Target:
    """One environment of one project in one account and region."""

    project: str
    environment: str
    region: str
    account_id: str
    partition: str = "aws"
    disposable: bool = False
    """Whether buckets and repositories may be destroyed with what is in them."""

    @property
    def prefix(self) -> str:
        """What every name begins with."""
        return f"{self.project}-{self.environment}"

    @property
    def state_bucket(self) -> str:
        """Where each stage's Terraform state is kept."""
        return f"{self.prefix}-state-{self.account_id}"


def plain_settings(tfvars: str) -> dict[str, Setting]:
    """The texts, numbers and truth values assigned in a .tfvars file; lists and maps are Terraform's business."""
    return {
        name: (truth == "true") if truth else int(number) if number else text
        for name, text, truth, number in _ASSIGNMENT.findall(tfvars)
    }


def target_of(
    environment: str, settings: Mapping[str, Setting], account_id: str, partition: str, region: str
) -> Target:
    """The deployment that an environment's settings and the credentials' account name together.

    Raises UsageError when the settings belong to another account or environment.
    """
    named = str(settings.get("account_id", account_id))
    if named != account_id:
        raise UsageError(
            f"env/{environment}.tfvars is for account {named} and these credentials are of {account_id}: "
            f"choose other credentials (AWS_PROFILE) or another --env."
        )
    if str(settings.get("environment", environment)) != environment:
        raise UsageError(
            f"env/{environment}.tfvars says environment = {settings['environment']!r}: one of them is wrong."
        )
    return Target(
        project=str(settings.get("project", "tacho")),
        environment=environment,
        region=region,
        account_id=account_id,
        partition=partition,
        disposable=settings.get("disposable") is True,
    )
