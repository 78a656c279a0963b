"""The workflows run the repository's own checks, with actions that cannot move and with few permissions."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
OPERATIONS = ROOT / "docs" / "operations.md"
each_workflow = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
_USES = re.compile(r"^\s*(?:- )?uses: (\S+)(?: # (\S+))?$", re.M)


def loaded(file: Path) -> dict[str, Any]:
    # "on" is a truth value in YAML 1.1.
    return {str(key): value for key, value in yaml.safe_load(file.read_text(encoding="utf-8")).items()}


def jobs(file: Path) -> dict[str, dict[str, Any]]:
    return loaded(file)["jobs"]


def pins() -> set[tuple[str, str, str]]:
    """Action, version and commit of all that is used from elsewhere."""
    found = set()
    for file in FILES:
        for uses, comment in _USES.findall(file.read_text(encoding="utf-8")):
            if not uses.startswith("./"):
                action, _, commit = uses.partition("@")
                found.add((action, comment, commit))
    return found


def test_there_is_one_to_check_and_one_to_release() -> None:
    assert [file.name for file in FILES] == ["ci.yml", "release.yml"]


def test_every_action_is_named_by_its_commit_and_says_its_version() -> None:
    for action, release, commit in pins():
        assert re.fullmatch(r"[0-9a-f]{40}", commit), action
        assert re.fullmatch(r"v\d+\.\d+\.\d+", release), action
    assert len({action for action, _, _ in pins()}) == len(pins())


def test_where_each_commit_was_seen_is_written_down() -> None:
    rows = re.findall(r"^\| `([\w/-]+)` \| (v[\d.]+) \| `([0-9a-f]{40})` \| \S", OPERATIONS.read_text(), re.M)
    assert set(rows) == pins()


@each_workflow
def test_a_workflow_may_read_at_most_and_each_job_says_what_it_writes(file: Path) -> None:
    assert loaded(file)["permissions"] in ({}, {"contents": "read"})
    for name, job in jobs(file).items():
        allowed = job.get("permissions", {})
        assert set(allowed.items()) <= {("contents", "read"), ("packages", "write"), ("contents", "write")}, name
        # Nothing that runs a build, or code from a package, may write to the repository.
        if allowed.get("contents") == "write":
            assert name == "publish"
            assert len([step for step in job["steps"] if "run" in step]) == 1


@each_workflow
def test_no_checkout_leaves_its_token_behind(file: Path) -> None:
    for job in jobs(file).values():
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@each_workflow
def test_no_script_has_an_expression_pasted_into_it(file: Path) -> None:
    for job in jobs(file).values():
        for step in job.get("steps", []):
            assert "${{" not in step.get("run", ""), "pass it in the environment: what is pasted is run"


@each_workflow
def test_every_job_has_an_end(file: Path) -> None:
    for name, job in jobs(file).items():
        assert "timeout-minutes" in job or "uses" in job, name


def test_what_ci_checks_is_what_anybody_can_run() -> None:
    last = jobs(ROOT / ".github/workflows/ci.yml")["check"]["steps"][-1]
    assert last["run"].endswith("bash .ci/run")


def test_a_release_begins_with_the_version_and_with_all_checks() -> None:
    release = jobs(ROOT / ".github/workflows/release.yml")
    first = release["plan"]["steps"][-1]["run"]
    assert 'version.py check "$GITHUB_REF_NAME"' in first
    assert release["check"]["uses"] == "./.github/workflows/ci.yml"
    for name in ("images", "emr"):
        assert {"plan", "check"} <= set(release[name]["needs"])
    assert set(release["publish"]["needs"]) == {"plan", "manifests", "emr"}


def test_every_image_is_released_for_both_architectures() -> None:
    matrix = jobs(ROOT / ".github/workflows/release.yml")["images"]["strategy"]["matrix"]
    services = {file.parent.name for file in ROOT.glob("services/*/Dockerfile")}
    assert set(matrix["image"]) == services | {"tacho"}
    assert [platform["arch"] for platform in matrix["platform"]] == ["amd64", "arm64"]
    (named,) = re.findall(r"for image in ([\w ]+); do", (ROOT / ".github/workflows/release.yml").read_text())
    assert named.split() == matrix["image"]
