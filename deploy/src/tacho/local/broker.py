"""A single Kafka broker in KRaft mode from its jars: the same for `tacho run` and for tests.

with LocalBroker(folder, free_port(), jars) as broker:
    Producer({"bootstrap.servers": broker.servers})
"""

import base64
import shutil
import subprocess
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tacho.errors import TachoError
from tacho.local.java import java
from tacho.local.ports import HOST, answers, free_port
from tacho.local.process import Process, Spec, wait_ready

READY_SECONDS = 60.0
# Measured: 260 MB resident with this heap in a 40 s demo at 20 samples/s; a larger cleaner buffer alone would fill it.
HEAP = "256m"

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
"""

_LOG4J = """\
Configuration:
  status: error
  Appenders:
    Console: {name: out, target: SYSTEM_OUT, PatternLayout: {pattern: "%d{ISO8601} %p %c{1} %m%n"}}
  Loggers:
    Root: {level: warn, AppenderRef: {ref: out}}
    Logger:
      - {name: kafka.server.KafkaRaftServer, level: info}
"""


class LocalBroker:
    """One broker whose data stays in `folder` between starts."""

    def __init__(self, folder: Path, port: int, jars: Path, heap: str = HEAP, log: Path | None = None) -> None:
        self.folder = folder
        self.port = port
        self.jars = jars
        self._heap = heap
        self._log = log or folder / "broker.log"
        self._process: Process | None = None

    @property
    def servers(self) -> str:
        """Bootstrap servers for clients."""
        return f"{HOST}:{self.port}"

    @property
    def properties(self) -> Path:
        """The broker's settings file, written by prepare()."""
        return self.folder / "server.properties"

    def prepare(self) -> None:
        """Write the settings and, once, format the data folder. Raises TachoError without Java or jars."""
        java()
        if not any(self.jars.glob("kafka_*.jar")):
            raise TachoError(f"There are no broker jars in {self.jars}: fetch them with `make jars`.")
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        self.properties.write_text(
            _PROPERTIES.format(host=HOST, port=self.port, controller_port=free_port(), data=data), encoding="utf-8"
        )
        (self.folder / "log4j2.yaml").write_text(_LOG4J, encoding="utf-8")
        if not (data / "meta.properties").exists():
            # A format that was interrupted leaves a folder that can be neither used nor formatted.
            shutil.rmtree(data, ignore_errors=True)
            self._format()

    def spec(self) -> Spec:
        """How to start the broker once it is prepared."""
        return Spec(name="broker", command=(*self._java(), "kafka.Kafka", str(self.properties)), log=self._log)

    def is_ready(self) -> bool:
        """Whether the broker answers a metadata request: an open port alone is not enough."""
        if not answers(self.port):
            return False
        try:
            return bool(AdminClient({"bootstrap.servers": self.servers, "log_level": 0}).list_topics(timeout=2).brokers)
        except KafkaException:
            return False

    def start(self) -> None:
        """Start and wait until it serves. Raises TachoError with the end of its log when it does not."""
        self.prepare()
        self._process = Process(self.spec())
        try:
            wait_ready(self._process, self.is_ready, READY_SECONDS)
        except BaseException:
            self._process.kill()
            raise

    def stop(self) -> None:
        """Stop it and wait until it is gone; harmless when it is not running."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """kill -9, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _java(self) -> tuple[str, ...]:
        return (
            java(),
            f"-Xmx{self._heap}",
            "-Xms64m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            f"-Dlog4j2.configurationFile={self.folder / 'log4j2.yaml'}",
            "-cp",
            f"{self.jars}/*",
        )

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # A leading dash would be read as an option.
        cluster = cluster.replace("-", "A", 1) if cluster.startswith("-") else cluster
        done = subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self.properties)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise TachoError(f"The broker's folder {self.folder} could not be formatted: {done.stderr or done.stdout}")
