import json

import pytest

from tacho.aws.task_definition import container_of, log_of, one_off, same, with_image
from tacho.errors import TachoError

RENDERED = json.dumps(
    {
        "family": "tacho-dev-alerter",
        "cpu": "256",
        "containerDefinitions": [
            {
                "name": "alerter",
                "image": "repo:unreleased",
                "command": None,
                "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {"awslogs-group": "/tacho-dev", "awslogs-stream-prefix": "alerter"},
                },
            },
            {"name": "tunnel", "image": "other"},
        ],
    }
)


def test_only_the_services_own_container_gets_the_image_and_nulls_go() -> None:
    own, sidecar = with_image(RENDERED, "alerter", "repo@sha256:1")["containerDefinitions"]
    assert own["image"] == "repo@sha256:1"
    assert "command" not in own
    assert sidecar["image"] == "other"


def test_a_tunnel_that_sleeps_in_the_services_image_is_released_with_it() -> None:
    shared = RENDERED.replace('"other"', '"repo:unreleased"')
    own, sidecar = with_image(shared, "alerter", "repo@sha256:1")["containerDefinitions"]
    assert own["image"] == sidecar["image"] == "repo@sha256:1"


def test_a_rendering_without_the_container_is_refused() -> None:
    with pytest.raises(TachoError, match="no container of that name"):
        with_image(RENDERED, "producer", "x")
    with pytest.raises(TachoError, match="cannot be read"):
        with_image("{", "producer", "x")


def test_what_ecs_adds_and_reorders_is_no_difference() -> None:
    definition = with_image(RENDERED, "alerter", "repo@sha256:1")
    registered = json.loads(json.dumps(definition)) | {"revision": 3, "status": "ACTIVE", "cpu": 256}
    registered["containerDefinitions"][0] |= {"cpu": 0, "portMappings": []}
    registered["containerDefinitions"][0]["environment"].reverse()
    assert same(definition, registered)


def test_another_image_or_variable_is_a_difference() -> None:
    definition = with_image(RENDERED, "alerter", "repo@sha256:1")
    assert not same(with_image(RENDERED, "alerter", "repo@sha256:2"), definition)
    other = json.loads(json.dumps(definition))
    other["containerDefinitions"][0]["environment"].append({"name": "C", "value": "3"})
    assert not same(definition, other)


def test_a_log_is_found_where_the_driver_puts_it() -> None:
    definition = with_image(RENDERED, "alerter", "x")
    assert log_of(definition, "alerter", "task1") == ("/tacho-dev", "alerter/alerter/task1")
    with pytest.raises(TachoError, match="log of tunnel is not in CloudWatch"):
        log_of(definition, "tunnel", "task1")
    with pytest.raises(TachoError, match="no container web"):
        container_of(definition, "web")


def test_a_one_off_command_replaces_the_images_own() -> None:
    assert one_off("tacho", ["topics", "--create"]) == {
        "containerOverrides": [{"name": "tacho", "command": ["topics", "--create"]}]
    }
