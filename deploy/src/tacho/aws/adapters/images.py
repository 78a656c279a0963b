"""Building and pushing images with whatever this machine has: docker, podman or buildah."""

import shutil
import subprocess
from pathlib import Path

from tacho.errors import TachoError

# How each says that it works: docker is often there without an engine behind it.
_PROBES = {"docker": ("docker", "info"), "podman": ("podman", "info"), "buildah": ("buildah", "version")}
# ECR keeps what it is given; only in Docker's format does a health check of the Dockerfile survive.
_BUILD = {"docker": ("build",), "podman": ("build", "--format", "docker"), "buildah": ("build", "--format", "docker")}
_PLATFORMS = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}


class ImageBuilder:
    """One of the three tools, at the repository's root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tool = _working_tool()

    def build(self, dockerfile: str, tag: str, architecture: str, version: str, revision: str) -> None:
        """Build an image for a task's architecture. Raises TachoError when the build fails."""
        arguments = (
            *_BUILD[self._tool],
            "--platform",
            _PLATFORMS[architecture],
            "--build-arg",
            f"VERSION={version}",
            "--build-arg",
            f"REVISION={revision}",
            "--file",
            dockerfile,
            "--tag",
            tag,
            ".",
        )
        self._run(arguments, f"{dockerfile} could not be built")

    def push(self, tag: str, user: str, password: str) -> None:
        """Sign in to the tag's registry and push. The password goes in by the standard input, never as an argument."""
        registry = tag.partition("/")[0]
        login = ("login", "--username", user, "--password-stdin", registry)
        self._run(login, f"{registry} refused the login", password)
        self._run(("push", tag), f"{tag} could not be pushed")

    def _run(self, arguments: tuple[str, ...], failure: str, stdin: str | None = None) -> None:
        done = subprocess.run([self._tool, *arguments], cwd=self._root, input=stdin, text=True, check=False)
        if done.returncode:
            raise TachoError(f"{failure}; {self._tool}'s own words are above.")


def _working_tool() -> str:
    found = [tool for tool in _PROBES if shutil.which(tool)]
    for tool in found:
        if subprocess.run(_PROBES[tool], capture_output=True, check=False).returncode == 0:
            return tool
    other = "or give --image to release one built elsewhere"
    if found:
        raise TachoError(f"{found[0]} is here but no engine answers it: start it, {other}.")
    raise TachoError(f"Neither docker, podman nor buildah is here: install one, {other}.")


def revision_of(root: Path) -> str:
    """The commit of the working tree, marked when it has changes; "unknown" outside a repository."""
    asked = ("git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--match", "-")
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def is_settled(version: str) -> bool:
    """Whether a version stands for one content for ever: not of a tree with changes, or without a commit."""
    return not version.endswith(("-dirty", "-unknown"))
