"""What an endpoint's answer means, and how long to wait before the next try. Pure."""

from enum import Enum, auto

LEAST_SECONDS = 1.0
MOST_SECONDS = 60.0
_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS = 408, 429
_DOUBLINGS = 6
"""Enough for MOST_SECONDS."""


class Answer(Enum):
    """TAKEN: done. REFUSED: this event will never be taken. LATER: it may be, so it is tried again."""

    TAKEN = auto()
    REFUSED = auto()
    LATER = auto()


def answer_of(status: int) -> Answer:
    """What an HTTP status says. A redirect is not followed: the endpoint may be itself again later."""
    if 200 <= status < 300:
        return Answer.TAKEN
    if 400 <= status < 500 and status not in (_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS):
        return Answer.REFUSED
    return Answer.LATER


def pause_seconds(failures: int, draw: float) -> float:
    """The pause after so many failures in a row, from 1 on: twice as long each time, from 1 s to 60 s.

    draw: 0 to 1, at random; it takes up to half of the pause away, so that many senders do not come back at one moment.
    """
    whole = min(LEAST_SECONDS * 2.0 ** min(failures, _DOUBLINGS), MOST_SECONDS)
    return whole * (1 - draw / 2)
