"""Which brokers a command talks to."""

import os
from collections.abc import Sequence

from tacho.errors import TachoError
from tacho.local.layout import RunFolder, run_folder
from tacho.local.lock import running_servers
from tacho.local.settings import RunSettings
from tacho_contracts.connection import Connection, connection_from_environment

KEPT = ("run", "demo")
"""Folders of the pipelines that a drive is sent into; the one of `tacho replay` ends with its own drive."""
_ALL = (*KEPT, "replay")


def connection_to(servers: str | None) -> Connection:
    """`servers`, or TACHO_KAFKA_SERVERS, or the pipeline that runs here. Raises TachoError when there is none."""
    connection = connection_from_environment()
    if servers is None and "TACHO_KAFKA_SERVERS" in os.environ:
        return connection
    found = servers or local_servers()
    if found is None:
        raise TachoError("No pipeline is running here: start one with `make run`, or name brokers with --servers.")
    return connection.model_copy(update={"servers": found})


def local_servers() -> str | None:
    """The broker of the pipeline that runs on this machine; None without one."""
    found = running_pipeline()
    return None if found is None else found[1]


def running_pipeline(names: Sequence[str] = _ALL) -> tuple[RunFolder, str] | None:
    """The folder and the broker of the pipeline that runs on this machine, in one of the folders `names`."""
    for folder in map(run_folder, names):
        servers = running_servers(folder.lock)
        if servers is not None:
            return folder, servers
    return None


def require_port_not_ours(settings: RunSettings) -> None:
    """Raise TachoError when the pipeline that runs in another folder holds the port; in this one, the lock tells."""
    found = running_pipeline()
    if found is not None and found[0] != settings.folder and found[1].endswith(f":{settings.port}"):
        raise TachoError(
            f"Port {settings.port} is held by the pipeline that runs in {found[0].root}: stop that one with Ctrl-C, "
            f"or choose another port with --port {settings.port + 10}."
        )
