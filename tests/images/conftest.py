"""The images of this tree, built once for the lane; without buildah or debootstrap the lane is skipped and says so."""

import os
import shutil

import pytest

from tacho.local.jars import ensure_jars, locked_jars
from tacho.local.layout import REPOSITORY
from tests.images import buildah

PYTHON = ("python3", "python3-venv", "ca-certificates")
JAVA = (*PYTHON, "openjdk-17-jre-headless")


@pytest.fixture(scope="session")
def tools() -> None:
    missing = [tool for tool in ("buildah", "debootstrap", "unshare") if not shutil.which(tool)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: run tests/images/tools.sh")
    if os.geteuid() != 0:
        pytest.skip("building without a container engine needs root")


@pytest.fixture(scope="session")
def producer(tools: None) -> buildah.Image:
    return buildah.build("services/producer/Dockerfile", buildah.base("python", PYTHON))


@pytest.fixture(scope="session")
def alerter(tools: None) -> buildah.Image:
    return buildah.build("services/alerter/Dockerfile", buildah.base("python", PYTHON))


@pytest.fixture(scope="session")
def dashboard(tools: None) -> buildah.Image:
    return buildah.build("services/dashboard/Dockerfile", buildah.base("python", PYTHON))


@pytest.fixture(scope="session")
def tacho(tools: None) -> buildah.Image:
    return buildah.build("deploy/Dockerfile", buildah.base("python", PYTHON))


@pytest.fixture(scope="session")
def enricher(tools: None) -> buildah.Image:
    # Taken along from here, so that nothing but Python's packages is fetched inside a build.
    ensure_jars(REPOSITORY / ".tacho" / "jars", print, locked_jars({"kafka", "iam"}))
    return buildah.build("services/enricher/Dockerfile", buildah.base("java", JAVA))
