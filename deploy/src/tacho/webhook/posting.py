"""One try at an endpoint over HTTP."""

from collections.abc import Mapping

import urllib3

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
_ANSWER_BYTES = 65_536
"""An answer up to this size is read to its end, so that the connection can be used again."""


class Unreachable(Exception):
    """No answer came; the text says what happened instead. Tried again, for ever."""


class Endpoint:
    """One address, and the connection that is kept to it."""

    def __init__(self, url: str, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self._url = url
        timeout = urllib3.Timeout(connect=connect_seconds, read=read_seconds)
        # Retrying is ours: urllib3 would neither wait nor keep the consumer alive. A redirect is an answer.
        self._pool = urllib3.PoolManager(num_pools=1, timeout=timeout, retries=False)

    def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer. Raises Unreachable."""
        try:
            answer = self._pool.request(
                "POST", self._url, body=body, headers=headers, redirect=False, preload_content=False
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            # Its text may hold the address with its path, which is often a secret.
            raise Unreachable(type(error).__name__) from error
        if answer.length_remaining is not None and answer.length_remaining <= _ANSWER_BYTES:
            answer.drain_conn()
        else:
            answer.close()
        return int(answer.status)
