"""A server that plays AWS for the real provider: its address, and what a stage must be told to use it.

Two things are overridden beside a stage that is made there: where the interfaces are, and the bucket's TLS-only policy,
because the server speaks plain HTTP and refuses it without looking at the condition (its text is asserted on the plan,
in test_plans).
"""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from moto.s3.models import FakeDeleteMarker
from moto.server import ThreadedMotoServer

from deploy.tests.terraform.offline import Tree

INTERFACES = ("ec2", "ecr", "ecs", "glue", "iam", "logs", "s3", "sts")
# The account is asked for here: the server's is the one that allowed_account_ids names.
PROVIDER = """provider "aws" {
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  endpoints {
%s
  }
}
"""
POLICY = """resource "aws_s3_bucket_policy" "this" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = ["s3:GetObject"]
      Resource  = ["${local.arn}/*"]
    }]
  })
}
"""


@contextmanager
def pretended_aws() -> Iterator[str]:
    """The server's address. It begins with an empty account, and is left empty."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    # Without it the server cannot remove from a versioned bucket what marks an object as deleted.
    with patch.object(FakeDeleteMarker, "dispose", lambda marker: None, create=True):
        server.start()
        host, port = server.get_host_and_port()
        try:
            yield f"http://{host}:{port}"
        finally:
            # The servers of one process play one account.
            reset = urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")
            urllib.request.urlopen(reset).close()
            server.stop()


def direct(tree: Tree, endpoint: str, *stages: str) -> None:
    """Have the provider of these stages ask the server."""
    lines = "\n".join(f'    {name} = "{endpoint}"' for name in INTERFACES)
    for stage in stages:
        (tree.stage(stage) / "provider_override.tf").write_text(PROVIDER % lines)
    (tree.terraform / "modules" / "bucket" / "policy_override.tf").write_text(POLICY)
