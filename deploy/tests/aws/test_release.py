"""What a release of a service does in which order."""

import re
from dataclasses import replace
from typing import Any

import pytest

from deploy.tests.aws.paper_release import DIGEST, REPOSITORY, Paper, deployment
from tacho.aws.commands import release as command
from tacho.errors import UsageError


def test_a_service_is_built_pushed_and_rolled_out_by_digest(world: Paper, operator: Any) -> None:
    command.release_service(deployment(), "alerter", None, operator)
    assert world.log == [
        "build services/alerter/Dockerfile X86_64",
        "push",
        f"register {REPOSITORY}@{DIGEST}",
        "roll out tacho-dev-alerter arn/f:7",
    ]


def test_what_was_pushed_before_is_not_built_again(world: Paper, operator: Any) -> None:
    world.pushed.add(f"{REPOSITORY}:0.1.0-abc")
    command.release_service(deployment(), "alerter", None, operator)
    assert world.log[0].startswith("register")


def test_each_build_of_a_tree_with_changes_gets_a_tag_of_its_own(
    world: Paper, operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "version_here", lambda: "0.1.0-abc-dirty")
    command.release_service(deployment(), "alerter", None, operator)
    (tag,) = world.pushed
    assert re.fullmatch(re.escape(f"{REPOSITORY}:0.1.0-abc-dirty-") + r"\d{8}T\d{6}", tag)


def test_an_image_that_is_not_there_changes_nothing(world: Paper, operator: Any) -> None:
    with pytest.raises(UsageError, match="There is no image"):
        command.release_service(deployment(), "alerter", f"{REPOSITORY}:9", operator)
    assert not world.log


def test_the_operators_image_has_no_service_to_roll_out(world: Paper, operator: Any) -> None:
    world.pushed.add(f"{REPOSITORY}:9")
    command.release_service(deployment(), "tacho", f"{REPOSITORY}:9", operator)
    assert world.log == [f"register {REPOSITORY}@{DIGEST}"]


def test_an_unknown_service_names_the_known_ones(world: Paper, operator: Any) -> None:
    with pytest.raises(UsageError, match="no service 'web': choose one of enricher, alerter, tacho"):
        command.release_service(deployment(), "web", None, operator)


def test_a_service_that_runs_as_asked_is_left_alone_and_the_way_to_restart_it_is_told(
    world: Paper, operator: Any
) -> None:
    world.service = replace(world.service, definition="arn/f:7")
    command.release_service(deployment(), "alerter", None, operator)
    assert operator.said[-1] == "alerter runs f:7 already: nothing was changed; --restart replaces its tasks"
    command.release_service(deployment(), "alerter", None, operator, restart=True)
    assert world.log[-1] == "restart tacho-dev-alerter arn/f:7"
    assert operator.said[-1] == "alerter runs f:7"
