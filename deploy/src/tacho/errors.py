"""What the operator's tool says when it cannot go on."""

import errno
from pathlib import Path


class TachoError(Exception):
    """One sentence for the operator that names what is wrong and what to do.

    Raised anywhere below a command; the command line prints it and exits with `exit_code`. Never retried.
    """

    exit_code = 1


class UsageError(TachoError):
    """What was asked for makes no sense or is not there; nothing was started."""

    exit_code = 2


class NoBrokerError(TachoError):
    """Nobody answers where the brokers should be; the operator starts or names others."""

    def __init__(self, servers: str) -> None:
        # MSK has no public address: the usual reason is that this is not its network.
        on_aws = ".amazonaws.com" in servers
        what = (
            "MSK answers only inside its network, where `tacho aws run -- COMMAND` runs a command"
            if on_aws
            else "start one (`make run`) or name others with --servers"
        )
        super().__init__(f"No Kafka broker answers at {servers}: {what}.")


def refused_by_system(error: OSError, path: Path | None = None) -> str:
    """One sentence on what the system would not do, with `path` where the error itself names no file."""
    place = path or error.filename
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"There is no room left for {place or 'what must be written'}: make room (`make clean` removes earlier "
            f"runs), or set TACHO_HOME to another disk."
        )
    if place is None:
        return f"The system refused something ({error})."
    return (
        f"{place} cannot be used ({error.strerror}): make it usable, or set TACHO_HOME to a folder that can be written."
    )
