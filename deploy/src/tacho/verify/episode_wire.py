"""AlertEpisode on the wire: an event is identified by its episode and its revision."""

from tacho.verify.wire import Fields, Wire, avro_number


class EpisodeWire(Wire):
    """The record's identity is `<episode_id>#<revision>`."""

    def __init__(self) -> None:
        super().__init__("AlertEpisode")

    def identity(self, data: bytes) -> bytes | None:
        """Both fields, without decoding the rest; None when they cannot be had so."""
        found = self.first_text(data)
        if found is None:
            return None
        episode, at = found
        revision = avro_number(data, at)
        return None if revision is None else b"%s#%d" % (episode, revision[0])


def identity_of(episode: Fields) -> bytes:
    """The same of fields."""
    return f"{episode['episode_id']}#{episode['revision']}".encode()
