"""`tacho ack`: say that an episode was seen, and what was done."""

import getpass
import time
from collections import Counter
from typing import Annotated

import typer
from confluent_kafka import KafkaError, Producer

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.episodes import ACKS_TOPIC, EPISODES_TOPIC
from tacho.consume.lines import iso
from tacho.consume.reading import whole_topic
from tacho.consume.records import records
from tacho.episodes.acknowledging import NAME_CHARACTERS, NOTE_CHARACTERS, absent, car_of, require_words
from tacho.episodes.fold import fold
from tacho.errors import TachoError, UsageError
from tacho.kafka_options import client_options
from tacho_contracts.codec import Codec, Record
from tacho_contracts.connection import Connection

_DELIVERY_MS = 20_000
_SEND_SECONDS = 30.0


def ack(
    episode: Annotated[str, typer.Argument(help="The id, as `tacho episodes` prints it.")],
    note: Annotated[str, typer.Option(help=f"What was done or seen, at most {NOTE_CHARACTERS} characters.")] = "",
    by: Annotated[str | None, typer.Option(help="Who; the user of this machine without it.")] = None,
    servers: options.Servers = None,
) -> None:
    """Acknowledge an episode: who has seen it is then shown beside it, for good."""
    car, name = car_of(episode), _user() if by is None else by
    require_words("--note", note, NOTE_CHARACTERS)
    require_words("--by", name, NAME_CHARACTERS)
    if not name.strip():
        raise UsageError("--by is empty: give the name of who acknowledges.")
    connection = connection_to(servers)
    known = {
        found.event["episode_id"]: found
        for found in fold(records(whole_topic(connection, EPISODES_TOPIC), "AlertEpisode", Counter()), ())
    }
    if episode not in known:
        raise absent(episode, known)
    at = int(time.time() * 1000)
    _send(connection, {"episode_id": episode, "car_id": car, "at": at, "by": name, "note": note})
    event, state = known[episode].event, "open" if known[episode].open else "closed"
    print(f"acknowledged {episode} ({event['severity']}, {state}, opened {iso(event['opened_at'])}) by {name}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("This machine has no name for its user: give one with --by.") from error


def _send(connection: Connection, acknowledgement: Record) -> None:
    """Written is what the brokers have confirmed. Raises TachoError for everything else."""
    errors: list[KafkaError] = []
    confirmed: list[None] = []

    def delivered(error: KafkaError | None, _: object) -> None:
        if error is None:
            confirmed.append(None)
        else:
            errors.append(error)

    sure = {"acks": "all", "enable.idempotence": True, "message.timeout.ms": _DELIVERY_MS}
    producer = Producer(client_options(connection) | sure | {"partitioner": "murmur2_random"})
    key = str(acknowledgement["car_id"]).encode()
    producer.produce(ACKS_TOPIC, Codec("AlertAck").encode(acknowledgement), key, on_delivery=delivered)
    producer.flush(_SEND_SECONDS)
    if not confirmed:
        said = errors[0].str() if errors else "no answer"
        raise TachoError(f"{ACKS_TOPIC}: the broker did not confirm the acknowledgement ({said}): try again.")
