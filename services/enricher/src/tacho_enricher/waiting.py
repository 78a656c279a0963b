"""Starting in any order: what another process still has to make is waited for, within limits."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from tacho_contracts.errors import ContractError

POLL_SECONDS = 0.2

Found = TypeVar("Found")
log = structlog.get_logger()


class NotThereYet(ContractError):
    """The broker, a topic or the cars file is missing but may still come. Retried by `patiently`."""


def patiently(look: Callable[[], Found], seconds: float, tell: Callable[[str], None]) -> Found:
    """What `look` finds, asked again while it is NotThereYet, which `tell` hears why; that error after `seconds`."""
    deadline = time.monotonic() + seconds
    said = False
    while True:
        try:
            return look()
        except NotThereYet as missing:
            if time.monotonic() >= deadline:
                raise
            tell(str(missing))
            if not said:
                log.info("waiting", reason=str(missing))
                said = True
            time.sleep(POLL_SECONDS)
