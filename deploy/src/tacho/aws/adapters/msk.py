"""Topics through MSK's own API, which needs no way into the network."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.aws.waiting import Clock, until
from tacho.errors import TachoError
from tacho.local.topics import require_same
from tacho_contracts.catalogue import Topic

if TYPE_CHECKING:
    from mypy_boto3_kafka import KafkaClient

READY_SECONDS = 300.0
_EVERY_SECONDS = 5.0
_THERE = frozenset({"TopicExistsException"})
_LATER = frozenset(
    {"ControllerMovedException", "KafkaTimeoutException", "NotControllerException", "ServiceUnavailableException"}
)


class MskTopics:
    """The topics of one cluster."""

    def __init__(self, client: "KafkaClient", cluster_arn: str, clock: Clock | None = None) -> None:
        self._client: Any = client
        self._cluster = cluster_arn
        self._clock = clock or Clock()

    def ensure(self, topics: Iterable[Topic], replication: int, report: Callable[[str], None]) -> list[str]:
        """Create the absent ones and wait until all are there; names of those created.

        Raises TachoError for one that is there with other partitions or settings, or when the cluster is not ready.
        """
        self._require_active()
        wanted = {topic.name: topic for topic in topics}
        created = []
        for topic in wanted.values():
            there = self.describe(topic.name)
            if there is None:
                self._create(topic, replication)
                created.append(topic.name)
                report(f"{topic.name} is being created")
            else:
                require_same(topic, int(there["PartitionCount"]), settings_of(there))
        late = f"MSK did not finish creating topics within {READY_SECONDS / 60:.0f} minutes: ask again."
        until(lambda: self._all_active(wanted), self._clock, _EVERY_SECONDS, READY_SECONDS, late)
        return created

    def describe(self, name: str) -> Mapping[str, Any] | None:
        """A topic as MSK describes it; None when there is none."""
        try:
            return dict(self._client.describe_topic(ClusterArn=self._cluster, TopicName=name))
        except ClientError as error:
            if code_of(error) in ("NotFoundException", "UnknownTopicOrPartitionException"):
                return None
            raise

    def _create(self, topic: Topic, replication: int) -> None:
        def attempt() -> bool | None:
            try:
                self._client.create_topic(
                    ClusterArn=self._cluster,
                    TopicName=topic.name,
                    PartitionCount=topic.partitions,
                    ReplicationFactor=replication,
                    Configs=encoded(topic.config),
                )
            except ClientError as error:
                if code_of(error) in _LATER:
                    return None
                # MSK's list follows the brokers by about a minute: what it did not show may be there.
                if code_of(error) not in _THERE:
                    raise
            return True

        late = f"MSK could not create {topic.name} within {READY_SECONDS / 60:.0f} minutes: ask again."
        until(attempt, self._clock, _EVERY_SECONDS, READY_SECONDS, late)

    def _all_active(self, wanted: Mapping[str, Topic]) -> bool | None:
        found = [self.describe(name) for name in wanted]
        return True if all(topic is not None and topic.get("Status") == "ACTIVE" for topic in found) else None

    def _require_active(self) -> None:
        try:
            state = self._client.describe_cluster_v2(ClusterArn=self._cluster)["ClusterInfo"]["State"]
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                raise TachoError(
                    f"{self._cluster.rpartition(':')[2]} is gone though 20-msk's state names it: `tacho aws up 20-msk`."
                ) from error
            raise
        if state != "ACTIVE":
            raise TachoError(f"The MSK cluster is {state.lower()}: topics can be made once it is active.")


def encoded(config: Mapping[str, str]) -> str:
    """A topic's settings as MSK takes them: base64 of a JSON object."""
    return base64.b64encode(json.dumps(dict(config), sort_keys=True).encode()).decode()


def settings_of(topic: Mapping[str, Any]) -> dict[str, str]:
    """A topic's settings as MSK gives them."""
    text = topic.get("Configs")
    found = json.loads(base64.b64decode(text)) if text else {}
    return {str(key): str(value) for key, value in found.items()}
