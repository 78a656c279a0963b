"""What Terraform has made or means to make, from its plan or its state. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tacho.errors import TachoError

STATE_VERSION = 4


@dataclass(frozen=True)
class Resource:
    """One managed resource with the attributes that are known."""

    address: str
    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Changes:
    """Addresses by what a plan does to them."""

    create: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    outputs: bool = False
    """Whether what the stage hands on changes; alone, that costs nothing and touches nothing."""

    @property
    def touches(self) -> bool:
        """Whether anything is made, changed or destroyed."""
        return bool(self.create or self.update or self.replace or self.delete)

    def summary(self) -> str:
        """Counts in words."""
        parts = {"create": self.create, "change": self.update, "replace": self.replace, "destroy": self.delete}
        return ", ".join(f"{len(addresses)} to {verb}" for verb, addresses in parts.items() if addresses) or "no change"


def from_plan(plan: Mapping[str, Any]) -> tuple[Resource, ...]:
    """What there will be once the plan (`terraform show -json`) is applied."""
    root = plan.get("planned_values", {}).get("root_module", {})
    return tuple(
        Resource(found["address"], found["type"], found.get("values") or {})
        for found in _planned(root)
        if found.get("mode", "managed") == "managed"
    )


def _planned(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _planned(child)


def from_state(state: Mapping[str, Any]) -> tuple[Resource, ...]:
    """What there is, by a state file. Raises TachoError for a version of the format that is not known."""
    if state.get("version") != STATE_VERSION:
        raise TachoError(
            f"The Terraform state has format version {state.get('version')} and this tool reads {STATE_VERSION}: "
            f"use the tacho release that fits your Terraform."
        )
    return tuple(
        Resource(_address(found, instance), found["type"], instance.get("attributes") or {})
        for found in state.get("resources", ())
        if found.get("mode") == "managed"
        for instance in found.get("instances", ())
    )


def _address(found: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    name = ".".join(part for part in (found.get("module"), found["type"], found["name"]) if part)
    key = instance.get("index_key")
    return name if key is None else f'{name}["{key}"]' if isinstance(key, str) else f"{name}[{key}]"


def changes(plan: Mapping[str, Any]) -> Changes:
    """What the plan does, by address."""
    found: dict[str, list[str]] = {"create": [], "update": [], "replace": [], "delete": []}
    for change in plan.get("resource_changes", ()):
        actions = set(change["change"]["actions"])
        verb = "replace" if {"create", "delete"} <= actions else next(iter(actions), "no-op")
        if verb in found and change.get("mode", "managed") == "managed":
            found[verb].append(change["address"])
    handed = any(change["actions"] != ["no-op"] for change in plan.get("output_changes", {}).values())
    return Changes(**{verb: tuple(addresses) for verb, addresses in found.items()}, outputs=handed)
