"""Task definitions: what Terraform rendered, with the image of a release put in. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tacho.errors import TachoError

Definition = dict[str, Any]

_NOT_OURS = frozenset(
    {
        "compatibilities",
        "deregisteredAt",
        "enableFaultInjection",
        "registeredAt",
        "registeredBy",
        "requiresAttributes",
        "revision",
        "status",
        "taskDefinitionArn",
        "tags",
    }
)
"""What ECS adds to a definition by itself, or keeps beside it."""


def with_image(text: str, container: str, image: str) -> Definition:
    """Terraform's rendering (RegisterTaskDefinition's own words, as JSON) with one container's image set.

    So is that of any container beside it which is rendered with the same image. Raises TachoError when the rendering is
    not usable, so that nothing half-rendered is registered.
    """
    try:
        rendered: Definition = _without_nulls(json.loads(text))
        images = {part["name"]: part["image"] for part in rendered["containerDefinitions"]}
    except (ValueError, KeyError, TypeError) as error:
        raise TachoError(f"The task definition of {container} from 40-services cannot be read: {error}.") from error
    if container not in images:
        raise TachoError(f"The task definition of {container} has no container of that name: see 40-services.")
    for part in rendered["containerDefinitions"]:
        if part["image"] == images[container]:
            part["image"] = image
    return rendered


def _without_nulls(value: Any) -> Any:
    """Terraform writes what is not set as null, which ECS refuses."""
    if isinstance(value, dict):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def same(rendered: Definition, registered: Mapping[str, Any]) -> bool:
    """Whether what is registered already says everything the rendering says; ECS fills in defaults of its own."""
    return _within(rendered, {key: value for key, value in registered.items() if key not in _NOT_OURS})


def _within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            _within(value, whole.get(key, _empty(value))) for key, value in part.items() if key != "tags"
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and _pairs_within(part, whole)
    # Numbers become texts in some places (cpu, memory).
    return part == whole or str(part) == str(whole)


def _pairs_within(part: list[Any], whole: list[Any]) -> bool:
    ordered = _by_name(part), _by_name(whole)
    return all(_within(one, other) for one, other in zip(*ordered, strict=True))


def _by_name(items: list[Any]) -> list[Any]:
    """ECS gives environment variables and the like in an order of its own; a command's words keep theirs."""
    if all(isinstance(item, dict) and "name" in item for item in items):
        return sorted(items, key=lambda item: str(item["name"]))
    return items


def _empty(value: Any) -> Any:
    return type(value)() if isinstance(value, dict | list) else None


def container_of(definition: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A container by name. Raises TachoError when there is none."""
    for container in definition["containerDefinitions"]:
        if container["name"] == name:
            return dict(container)
    raise TachoError(f"{definition.get('family')} has no container {name}: see 40-services.")


def log_of(definition: Mapping[str, Any], container: str, task: str) -> tuple[str, str]:
    """Log group and stream of a task's container, as the awslogs driver names them."""
    options = container_of(definition, container).get("logConfiguration", {}).get("options", {})
    try:
        return options["awslogs-group"], f"{options['awslogs-stream-prefix']}/{container}/{task}"
    except KeyError as error:
        raise TachoError(
            f"The log of {container} is not in CloudWatch ({error} is missing): see 40-services."
        ) from error


def one_off(container: str, command: Sequence[str]) -> dict[str, Any]:
    """RunTask's overrides: another command in the same container."""
    return {"containerOverrides": [{"name": container, "command": list(command)}]}
