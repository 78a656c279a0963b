"""Terraform and the AWS provider plugin on this machine, found without asking a registry."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROVIDER = Path("registry.terraform.io") / "hashicorp" / "aws"
PLUGIN = "terraform-provider-aws_*"
# Where people and distributions put plugins, in the order in which they are looked through.
MIRRORS = (
    "~/.terraform.d/plugins",
    "~/.terraform.d/plugin-cache",
    "/usr/local/share/terraform/plugins",
    "/opt",
    "/usr",
)


class MissingToolError(Exception):
    """Terraform or its plugin is not on this machine; the text says what to install."""


@dataclass(frozen=True)
class Tools:
    """What a run needs: the terraform binary, and a folder laid out as a provider mirror."""

    terraform: Path
    mirror: Path


def find_tools() -> Tools:
    """Terraform from PATH and the plugin from the first mirror that has it. Raises MissingToolError."""
    terraform = shutil.which("terraform")
    if terraform is None:
        raise MissingToolError("terraform (1.11 or newer) is not on PATH")
    mirror = next(_mirrors(), None)
    if mirror is None:
        raise MissingToolError(
            "no AWS provider plugin on this machine: fill a mirror with `terraform providers mirror FOLDER` in a stage "
            "and name it in TF_PLUGIN_DIR"
        )
    return Tools(Path(terraform), mirror)


def _mirrors() -> Iterator[Path]:
    named = [os.environ[name] for name in ("TF_PLUGIN_DIR", "TF_PLUGIN_CACHE_DIR") if os.environ.get(name)]
    for start in (*named, *MIRRORS):
        for folder, below, _ in os.walk(Path(start).expanduser()):
            here = Path(folder)
            if "registry.terraform.io" in below and any((here / PROVIDER).rglob(PLUGIN)):
                yield here
            # Plugins are near the top of what is installed; the depth of /usr is not theirs.
            if len(here.parts) > 6:
                below.clear()
