"""The form of an episode's id. Pure."""

import re

_FORM = re.compile(r"([1-9][0-9]{6})-[0-9]{1,19}/[a-z0-9]+(?:-[a-z0-9]+)*")


def car_in(episode_id: str) -> int | None:
    """The car_id in `<car_id>-<sequence>/<rule>`; None for text of another form."""
    found = _FORM.fullmatch(episode_id)
    return None if found is None else int(found[1])
