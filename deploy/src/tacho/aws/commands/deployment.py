"""One deployment put together: the clients, the states and Terraform behind the commands."""

from functools import cached_property
from typing import Any

from tacho.aws.adapters.cloud import Cloud, terraform_folder
from tacho.aws.adapters.objects import Bucket
from tacho.aws.adapters.state_store import BucketStates
from tacho.aws.adapters.terraform import TerraformProcess
from tacho.aws.prices import Prices, read_prices
from tacho.aws.stages import FOUNDATION
from tacho.aws.states import States, output
from tacho.aws.target import Target
from tacho.local.layout import REPOSITORY


class Deployment:
    """Everything a command needs to know of one environment; asked for only when used."""

    def __init__(self, environment: str, region: str | None) -> None:
        self.cloud = Cloud(environment, region)

    @property
    def target(self) -> Target:
        """Project, environment, account and region."""
        return self.cloud.target

    def client(self, service: str) -> Any:
        """A boto3 client in the deployment's region."""
        return self.cloud.client(service)

    @cached_property
    def terraform(self) -> TerraformProcess:
        """Terraform in this deployment's folders."""
        return TerraformProcess(terraform_folder(), self.cloud.work, self.target)

    @cached_property
    def store(self) -> BucketStates:
        """The states of the stages."""
        return BucketStates(self.client("s3"), self.target, self.terraform.first_state)

    @cached_property
    def states(self) -> States:
        """The stages as they were when first asked."""
        return self.store.read_all()

    def output(self, name: str, stage: str) -> Any:
        """One output of a stage that is up. Raises TachoError otherwise."""
        return output(self.states, name, stage)

    @cached_property
    def bucket(self) -> Bucket:
        """The bucket of data, checkpoints and artefacts."""
        return Bucket(self.client("s3"), str(self.output("bucket_name", FOUNDATION)))


def price_list() -> Prices:
    """deploy/prices.toml."""
    return read_prices(REPOSITORY / "deploy" / "prices.toml")
