"""What a release of the enricher does in which order, and which state it goes on with."""

from typing import Any

import pytest

from deploy.tests.aws.paper_release import Paper, deployment
from tacho.aws.commands import release as command
from tacho.aws.enricher import Release
from tacho.errors import UsageError


def test_the_enricher_is_uploaded_stopped_and_started_with_the_state_it_had(world: Paper, operator: Any) -> None:
    world.before = Release("0.0.9", 2)
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e2"]


def test_another_state_is_begun_only_by_its_number(world: Paper, operator: Any) -> None:
    world.before = Release("0.0.9", 2)
    command.release_enricher(deployment(), None, 3, operator)
    assert world.log[-1] == "start 0.1.0-abc e3"
    with pytest.raises(UsageError, match="The state is at epoch 2"):
        command.release_enricher(deployment(), None, 1, operator)


def released_once(world: Paper, operator: Any) -> None:
    """The enricher runs what the tree holds, by a release of its own."""
    command.release_enricher(deployment(), None, None, operator)
    world.before, world.job = world.started[-1], "s-1"
    world.log.clear()
    operator.said.clear()


def test_an_enricher_that_runs_as_asked_is_left_alone_and_the_way_to_restart_it_is_told(
    world: Paper, operator: Any
) -> None:
    released_once(world, operator)
    command.release_enricher(deployment(), None, None, operator)
    # A release that was cut off goes on waiting for the job it had submitted.
    assert world.log == ["upload", "await s-1"]
    assert operator.said == [
        "enricher 0.1.0-abc runs already as s-1 (state e0): nothing was changed; --restart stops it after its batch "
        "and starts it again with the same checkpoint"
    ]


def test_a_restart_stops_it_and_goes_on_with_the_same_checkpoint(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    command.release_enricher(deployment(), None, None, operator, restart=True)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e0"]


def test_an_enricher_that_was_told_to_stop_is_started_again(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.stopping = True
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e0"]


def test_other_settings_are_another_release_of_the_same_version(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.trigger = "micro"
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e0"]


def test_another_shape_of_the_state_begins_new_state_and_says_so(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.state = "other shape"
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e1"]
    assert any(
        "the shape of its state is another: state e1 begins with the log's start" in said for said in operator.said
    )


def test_another_shape_never_goes_on_with_the_old_state(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.state = "other shape"
    with pytest.raises(UsageError, match="the shape of its state is another: give --state-epoch 1 or none"):
        command.release_enricher(deployment(), None, 0, operator)
    assert world.log == ["upload"]


def test_what_was_released_before_shapes_were_told_goes_on_with_its_state(world: Paper, operator: Any) -> None:
    world.before = Release("0.0.9", 2)
    command.release_enricher(deployment(), None, None, operator)
    assert world.log[-1] == "start 0.1.0-abc e2"


def test_checkpoints_of_another_cluster_are_named_before_anything_is_done(world: Paper, operator: Any) -> None:
    world.before = Release("0.1.0-abc", 2, "shape", "settings", "gone")
    with pytest.raises(UsageError, match="`aws s3 rm --recursive s3://tacho-dev-data/checkpoints/`"):
        command.release_enricher(deployment(), None, None, operator)
    assert not world.log


def test_a_new_cluster_without_checkpoints_is_read_from_its_start(world: Paper, operator: Any) -> None:
    world.before = Release("0.1.0-abc", 2, "shape", "settings", "gone")
    here = deployment()
    here.bucket.checkpoints = ()
    command.release_enricher(here, None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e2"]
    assert world.started[-1].cluster == "uuid"
