"""`tacho ack`: say that an episode was seen, and what was done."""

import time
from collections import Counter
from typing import Annotated

import typer

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.episodes import ACKS_TOPIC, EPISODES_TOPIC
from tacho.commands.sending import send, user
from tacho.consume.lines import iso
from tacho.consume.reading import whole_topic
from tacho.consume.records import records
from tacho.episodes.acknowledging import NAME_CHARACTERS, NOTE_CHARACTERS, absent, car_of, require_words
from tacho.episodes.fold import fold
from tacho.errors import UsageError
from tacho_contracts.codec import Codec


def ack(
    episode: Annotated[str, typer.Argument(help="The id, as `tacho episodes` prints it.")],
    note: Annotated[str, typer.Option(help=f"What was done or seen, at most {NOTE_CHARACTERS} characters.")] = "",
    by: Annotated[str | None, typer.Option(help="Who; the user of this machine without it.")] = None,
    servers: options.Servers = None,
) -> None:
    """Acknowledge an episode: who has seen it is then shown beside it, for good."""
    car, name = car_of(episode), user() if by is None else by
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
    said = {"episode_id": episode, "car_id": car, "at": at, "by": name, "note": note}
    send(connection, ACKS_TOPIC, str(car), Codec("AlertAck").encode(said), "the acknowledgement")
    event, state = known[episode].event, "open" if known[episode].open else "closed"
    print(f"acknowledged {episode} ({event['severity']}, {state}, opened {iso(event['opened_at'])}) by {name}")
