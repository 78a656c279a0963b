"""What an acknowledgement may say, and which episodes were perhaps meant. Pure."""

from collections.abc import Collection
from difflib import get_close_matches

from tacho.episodes.ids import car_in
from tacho.errors import UsageError

NOTE_CHARACTERS = 500
NAME_CHARACTERS = 100
_HINTS = 3
_COMPARED = 5_000
"""Ids that are compared letter by letter: more would take seconds."""


def car_of(episode_id: str) -> int:
    """The car that an episode's id names. Raises UsageError for text that is no id."""
    car = car_in(episode_id)
    if car is None:
        raise UsageError(
            f"{episode_id!r} is no episode: an id is <car_id>-<sequence>/<rule>, as `tacho episodes` prints it."
        )
    return car


def require_words(name: str, text: str, most: int) -> None:
    """Raise UsageError for text that is too long, or that could command the terminals it will be shown on."""
    if len(text) > most:
        raise UsageError(f"{name} has {len(text):,} characters: at most {most} are kept.")
    if not text.isprintable():
        place = next(number for number, character in enumerate(text, 1) if not character.isprintable())
        raise UsageError(f"{name} has a control character (character {place}): write it in one line of plain text.")


def absent(episode_id: str, known: Collection[str]) -> UsageError:
    """What to say of an id that is on no event: with the nearest ids, those of the same car first."""
    car = f"{car_of(episode_id)}-"
    mine = sorted(other for other in known if other.startswith(car))
    others = sorted(other for other in known if not other.startswith(car))
    hints = get_close_matches(episode_id, mine[-_COMPARED:], _HINTS, 0) or get_close_matches(
        episode_id, others[-_COMPARED:], _HINTS
    )
    hint = f"did you mean {' or '.join(hints)}?" if hints else "`tacho episodes` lists them."
    return UsageError(f"There is no episode {episode_id} on alert-episodes: {hint}")
