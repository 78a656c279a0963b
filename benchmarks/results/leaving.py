"""What a person would do with the fleet's topics, so that those written by people hold something too."""

import time
from collections import Counter

from tacho.commands.sending import send
from tacho.consume.reading import whole_topic
from tacho.consume.records import records
from tacho.episodes.fold import fold
from tacho.errors import TachoError
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection

_BROKEN = b'{"car_id": 1000001, "speed": "fast"'
_LETTER_SECONDS = 60.0
_BY = "results"


def leave_words(connection: Connection) -> None:
    """An acknowledgement, a fault's switch, and a sample that cannot be read, once its dead letter is there.

    Raises TachoError when the broker does not confirm one, or the enricher writes no dead letter.
    """
    events = records(whole_topic(connection, "alert-episodes"), "AlertEpisode", Counter())
    first = min((found.event for found in fold(events, ())), key=lambda event: event["opened_at"], default=None)
    now = int(time.time() * 1000)
    if first is not None:
        said = {"episode_id": first["episode_id"], "car_id": first["car_id"], "at": now, "by": _BY, "note": "seen"}
        send(connection, "alert-acks", str(first["car_id"]), Codec("AlertAck").encode(said), "the acknowledgement")
    switch = {"name": "poison", "on": False, "at": now, "by": _BY, "share": None, "car_id": None}
    send(connection, "faults", "poison", Codec("FaultSwitch").encode(switch), "the switch")
    send(connection, "sensors-sample", "1000001", _BROKEN, "the broken sample")
    deadline = time.monotonic() + _LETTER_SECONDS
    while not any(True for _ in whole_topic(connection, "dead-letters")):
        if time.monotonic() > deadline:
            raise TachoError(f"The enricher wrote no dead letter for a broken sample within {_LETTER_SECONDS:.0f} s.")
        time.sleep(0.2)
