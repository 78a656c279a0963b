"""Which addresses events may go to. Pure."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from tacho.errors import UsageError


def require_endpoint(url: str, allow_http: bool) -> None:
    """Raise UsageError unless `url` is https, or http to this very machine or where it is allowed."""
    parts = _parts(url)
    if parts.username is not None or parts.password is not None:
        raise UsageError("The address holds a user or a password, which logs would show: leave it out and sign events.")
    if parts.scheme == "http" and not allow_http and not _is_this_machine(parts.hostname or ""):
        raise UsageError(
            f"http would send the events of drivers to {parts.hostname} for all to read: take https, or allow it with "
            f"--allow-http."
        )


def shown(url: str) -> str:
    """The address without its path and query, which are often a secret."""
    parts = _parts(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("The address is not usable: write it as in https://desk.example.org/tacho, in ASCII.")
    return parts


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
