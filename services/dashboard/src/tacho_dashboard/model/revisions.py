"""The one growing number that every change of the picture is stamped with.

A client's place is such a number: what it lacks is all that was stamped later, however long it was away. So nothing
is kept for any client, and the newest of several changes is the only one it is told.
"""


class Revisions:
    """Counts changes from 1."""

    def __init__(self) -> None:
        self.newest = 0

    def stamp(self) -> int:
        """The number of one more change."""
        self.newest += 1
        return self.newest
