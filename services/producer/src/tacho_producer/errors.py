"""What can stop the producer, told so that a person knows what to do."""


class SettingsError(Exception):
    """The settings, dims or recording cannot be used as given. The process ends with exit code 2 and the sentence."""


class LogError(Exception):
    """The log (topic sensors-sample) or the journal cannot be used: unreachable, missing, a fatal error, no room.

    The process ends with exit code 1; a supervisor may start it again.
    """


def shown(text: str) -> str:
    """The text, escaped when a terminal would not show it as it is."""
    return text if text.isprintable() else repr(text)
