"""The cooperative stop: a marker, a file or an S3 object, that asks for an end without repeats.

SIGTERM interrupts what is open, which is then done again. After a marker each query first finishes what it had begun
when the marker was seen: its batch, or in real-time mode its epoch.
"""

import threading
from collections.abc import Mapping

import structlog
from pyspark.sql import SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.errors import ContractError
from tacho_enricher.folder import Folder
from tacho_enricher.settings import Query

# On S3 each look is a request that costs money; on a disk it is free.
_DISK_SECONDS = 0.5
_REMOTE_SECONDS = 10.0

log = structlog.get_logger()


class StopOrder:
    """Watches for the marker, and says which queries may end once it is there. An empty location never asks.

    Raises ContractError when the marker is there from the start, or its place cannot be read.
    """

    def __init__(self, spark: SparkSession, marker: str) -> None:
        self._asked = threading.Event()
        self._closed = threading.Event()
        self._open_batches: dict[Query, int] = {}
        self._marker = marker
        if not marker:
            return
        place, _, name = marker.rpartition("/")
        folder = Folder(spark, place or ".")
        # A list and not the cheaper question that is asked later: only a list tells of a bucket that is not there.
        if name in folder.names():
            raise ContractError(
                f"TACHO_ENRICHER_STOP={marker} is there: the enricher was told to stop; delete it to start again"
            )
        threading.Thread(target=self._watch, args=(folder, name), name="stop order", daemon=True).start()

    def due(self, queries: Mapping[Query, StreamingQuery]) -> list[Query]:
        """The running queries that are to be stopped now: they have finished what they had begun. To be asked often."""
        if not self._asked.is_set():
            return []
        if not self._open_batches:
            log.info("stopping after the open batches", marker=self._marker)
            self._open_batches = {name: _finished(query) for name, query in queries.items()}
        return [name for name, query in queries.items() if query.isActive and self._is_through(name, query)]

    def close(self) -> None:
        """End the watching."""
        self._closed.set()

    def _is_through(self, name: Query, query: StreamingQuery) -> bool:
        return not query.status["isTriggerActive"] or _finished(query) > self._open_batches[name]

    def _watch(self, folder: Folder, name: str) -> None:
        seconds = _REMOTE_SECONDS if ":" in self._marker else _DISK_SECONDS
        said = False
        while not self._closed.wait(seconds):
            try:
                if folder.has_file(name):
                    self._asked.set()
                    return
            except ContractError as error:
                if not said:
                    log.warning("the stop marker cannot be looked for", error=str(error))
                said = True


def _finished(query: StreamingQuery) -> int:
    """The newest batch or epoch that is done, -1 before the first."""
    progress = query.lastProgress
    return progress.batchId if progress else -1
