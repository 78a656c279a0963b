"""The catalogue of topics, read from `asyncapi.yaml`: the one place that says what is on each and how it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from tacho_contracts.errors import ContractError
from tacho_contracts.paths import data_root


@dataclass(frozen=True)
class Topic:
    """One topic: its records and their versions, key rule, partitions, Kafka settings, and who writes and reads it."""

    name: str
    records: Mapping[str, tuple[int, ...]]
    """The versions of each record it carries, the one it is for first."""
    key: str
    partitions: int
    fleet_partitions: bool
    """Whether its partition count is the fleet's shared one, so that a car keeps its partition number."""
    config: Mapping[str, str]
    senders: frozenset[str]
    receivers: frozenset[str]
    description: str

    @property
    def record(self) -> str:
        """The record it is for."""
        return next(iter(self.records))


@dataclass(frozen=True)
class Catalogue:
    """Every topic by name, why a record may be rejected, and what a producer can do wrong on purpose."""

    topics: Mapping[str, Topic]
    reject_reasons: Mapping[str, str]
    faults: Mapping[str, str]
    services: Mapping[str, str]

    def sent_by(self, service: str) -> tuple[Topic, ...]:
        """The topics this service writes."""
        return tuple(topic for topic in self.topics.values() if service in topic.senders)

    def received_by(self, service: str) -> tuple[Topic, ...]:
        """The topics this service reads."""
        return tuple(topic for topic in self.topics.values() if service in topic.receivers)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read the packaged catalogue, or the one at `path`. Raises ContractError when it is not usable."""
    source = path or data_root() / "asyncapi.yaml"
    try:
        document = yaml.safe_load(source.read_text(encoding="utf-8"))
        topics = {name: _topic(name, channel, document) for name, channel in document["channels"].items()}
        return Catalogue(
            topics=MappingProxyType(topics),
            reject_reasons=MappingProxyType(dict(document["x-reject-reasons"])),
            faults=MappingProxyType(dict(document["x-faults"])),
            services=MappingProxyType(dict(document["x-services"])),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ContractError(f"{source} is not a usable catalogue: {type(error).__name__}: {error}") from error


def _topic(name: str, channel: dict[str, Any], document: dict[str, Any]) -> Topic:
    messages = document["components"]["messages"]
    kafka = channel["bindings"]["kafka"]
    fleet = channel.get("x-partitions") == "fleet"
    return Topic(
        name=channel["address"],
        records=MappingProxyType({record: tuple(messages[record]["x-versions"]) for record in channel["messages"]}),
        key=channel["x-key"],
        partitions=document["x-fleet-partitions"] if fleet else kafka["partitions"],
        fleet_partitions=fleet,
        config=MappingProxyType(_kafka_config(kafka["topicConfiguration"])),
        senders=_services(document, name, "send"),
        receivers=_services(document, name, "receive"),
        description=channel["description"],
    )


def _kafka_config(settings: dict[str, Any]) -> dict[str, str]:
    return {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in settings.items()}


def _services(document: dict[str, Any], channel: str, action: str) -> frozenset[str]:
    return frozenset(
        operation["x-service"]
        for operation in document["operations"].values()
        if operation["action"] == action and operation["channel"]["$ref"] == f"#/channels/{channel}"
    )
