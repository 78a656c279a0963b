"""TCP ports of this machine: finding a free one, and telling who holds one that is not."""

import random
import socket

import psutil

from tacho.errors import TachoError

HOST = "127.0.0.1"
FIRST_HANDED_OUT = 32_768
"""Linux gives ports from here on to clients; macOS begins higher."""


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listening_port() -> int:
    """A free port for a process that listens there later, and again after a crash.

    It is below those that the system hands out to clients, one of which might hold a free_port() by then.
    """
    while not is_free(port := random.randrange(20_000, FIRST_HANDED_OUT)):
        pass
    return port


def this_or_free(port: int) -> int:
    """`port`, or another one where it is taken."""
    return port if is_free(port) else listening_port()


def answers(port: int) -> bool:
    """Whether something accepts connections on `port`."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        # As the broker does: a port whose last connections are still in TIME_WAIT may be taken again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def holder(port: int) -> str:
    """Who listens on `port`, as `name (process 123)`, or `another process` where that may not be seen."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            address = tuple(connection.laddr)
            if connection.status == psutil.CONN_LISTEN and address[1:] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another process"


def require_free(port: int, setting: str) -> None:
    """Raise TachoError naming the holder of `port` and the option (`setting`) that chooses another."""
    if not is_free(port):
        raise TachoError(
            f"Port {port} is taken by {holder(port)}: stop it, or choose another with {setting} {port + 10}."
        )
