"""One record of an operator onto a topic, and who the operator is."""

import getpass

from confluent_kafka import KafkaError, Producer

from tacho.errors import TachoError, UsageError
from tacho.kafka_options import client_options
from tacho_contracts.connection import Connection

_DELIVERY_MS = 20_000
_SEND_SECONDS = 30.0


def user() -> str:
    """The name of this machine's user. Raises UsageError when it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("This machine has no name for its user: give one with --by.") from error


def send(connection: Connection, topic: str, key: str, value: bytes, what: str) -> None:
    """Written is what the brokers have confirmed. Raises TachoError, naming `what`, for everything else."""
    errors: list[KafkaError] = []
    confirmed: list[None] = []

    def delivered(error: KafkaError | None, _: object) -> None:
        if error is None:
            confirmed.append(None)
        else:
            errors.append(error)

    sure = {"acks": "all", "enable.idempotence": True, "message.timeout.ms": _DELIVERY_MS}
    producer = Producer(client_options(connection) | sure | {"partitioner": "murmur2_random"})
    producer.produce(topic, value, key.encode(), on_delivery=delivered)
    producer.flush(_SEND_SECONDS)
    if not confirmed:
        said = errors[0].str() if errors else "no answer"
        raise TachoError(f"{topic}: the broker did not confirm {what} ({said}): try again.")
