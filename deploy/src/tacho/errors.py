"""What the operator's tool says when it cannot go on."""


class TachoError(Exception):
    """One sentence for the operator that names what is wrong and what to do.

    Raised anywhere below a command; the command line prints it and exits with `exit_code`. Never retried.
    """

    exit_code = 1


class UsageError(TachoError):
    """What was asked for makes no sense or is not there; nothing was started."""

    exit_code = 2
