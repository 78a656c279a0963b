"""Images in ECR: signing in, and the digest behind a tag."""

import base64
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.errors import UsageError

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient


class Registry:
    """The account's registry."""

    def __init__(self, client: "ECRClient") -> None:
        self._client: Any = client

    def login(self) -> tuple[str, str]:
        """User and password, good for hours."""
        (data,) = self._client.get_authorization_token()["authorizationData"]
        user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
        return user, password

    def pinned(self, reference: str) -> str:
        """The reference by digest. Raises UsageError when it is not there, or is another registry's tag."""
        if "@sha256:" in reference:
            return reference
        repository, _, tag = reference.rpartition(":")
        if ".dkr.ecr." not in repository:
            raise UsageError(f"{reference} is a tag in a registry not asked here: give it as NAME@sha256:DIGEST.")
        digest = self.digest(repository, tag)
        if digest is None:
            raise UsageError(f"There is no image {reference}: push it, or leave --image out to build it.")
        return f"{repository}@{digest}"

    def digest(self, repository_url: str, tag: str) -> str | None:
        """The digest behind a tag; None when there is no such image."""
        name = repository_url.partition("/")[2]
        try:
            found = self._client.describe_images(repositoryName=name, imageIds=[{"imageTag": tag}])
        except ClientError as error:
            if code_of(error) in ("ImageNotFoundException", "RepositoryNotFoundException"):
                return None
            raise
        return str(found["imageDetails"][0]["imageDigest"])
