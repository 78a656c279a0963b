"""The command and the environment of every process of the pipeline, as its container would start it."""

import sys

from tacho.local.ports import HOST, listening_port
from tacho.local.process import Spec
from tacho.local.settings import ALLOWED_LATENESS_SECONDS, RunSettings

PRODUCER = "producer"
ENRICHER = "enricher"
WINDOWS = "enricher-windows"
ALERTER = "alerter"
DASHBOARD = "dashboard"
BROKER = "broker"
STOP_ORDER = (PRODUCER, ENRICHER, WINDOWS, ALERTER, DASHBOARD, BROKER)
PROCESSES = {PRODUCER: (PRODUCER,), ENRICHER: (ENRICHER, WINDOWS), ALERTER: (ALERTER,), BROKER: (BROKER,)}
"""The processes of each service that a drill may kill."""

ALERTS_PATH = ("enricher/enrich", "alerter/alerter")
"""The statuses that must say ready before a sample can become an alert."""
WINDOW_STATUSES = ("enricher/windows", "enricher/alert-windows")

ENRICH_QUERY, WINDOWS_QUERY, ALERT_WINDOWS_QUERY = "enrich", "windows", "alert-windows"
_LOWEST_PRIORITY = 19
_LOWER_PRIORITY = 5


def cars_generator(settings: RunSettings) -> Spec:
    """The batch job that writes cars/cars.csv."""
    options = ("--cars", str(settings.cars), "--seed", str(settings.seed), "--dims", str(settings.folder.dims))
    command = (sys.executable, "-m", "tacho_enricher.cars_generator", *options)
    return Spec("cars generator", command, settings.folder.logs / "cars-generator.log", _common(settings))


def producer(settings: RunSettings) -> Spec:
    """The simulator, or the replay of a recorded drive."""
    mode = ("replay", *settings.replay) if settings.replay else ("simulate",)
    own = {
        "DIMS": str(settings.folder.dims),
        "JOURNAL": str(settings.folder.journal),
        "CARS": str(settings.cars),
        "RATE": str(settings.rate),
        "SPEED_UP": str(settings.speed_up),
        "SEED": str(settings.seed),
        "ENCODING": settings.encoding,
    }
    if settings.faults:
        own["FAULTS"] = "allow"
    if settings.seconds is not None:
        own["SECONDS"] = str(settings.seconds)
    return _spec(PRODUCER, ("tacho_producer", *mode), settings, own)


def enrichers(settings: RunSettings) -> tuple[Spec, ...]:
    """One process for all queries, or the window queries apart so that they give way to the alerts' path."""
    windows = f"{WINDOWS_QUERY},{ALERT_WINDOWS_QUERY}"
    if settings.enricher_processes == 1:
        return (_enricher(ENRICHER, f"{ENRICH_QUERY},{windows}", settings),)
    return (
        _enricher(ENRICHER, ENRICH_QUERY, settings),
        _enricher(WINDOWS, windows, settings, nice=_LOWEST_PRIORITY),
    )


def rules(settings: RunSettings) -> Spec:
    """Publishes the rules file where there are no rules yet; from then on `tacho rules publish` changes them."""
    command = (sys.executable, "-m", "tacho_alerter", "publish", str(settings.rules), "--only-if-none")
    return Spec("rules", command, settings.folder.logs / "rules.log", _common(settings))


def alerter(settings: RunSettings) -> Spec:
    """Judges the samples."""
    # A member that comes back under its name gets its partitions at once, not after the session has timed out.
    own = {"DATA_DIR": str(settings.folder.alerter), "MEMBER": "alerter"}
    return _spec(ALERTER, ("tacho_alerter",), settings, own)


def dashboard(settings: RunSettings) -> Spec:
    """The live page. It gives way to the alerts' path, but not to the windows."""
    own = {"PORT": str(settings.page)}
    return _spec(DASHBOARD, ("tacho_dashboard",), settings, own, _LOWER_PRIORITY)


def page_address(settings: RunSettings) -> str:
    """Where the page is, for people."""
    return f"http://{HOST}:{settings.page}/"


def _enricher(name: str, queries: str, settings: RunSettings, nice: int = 0) -> Spec:
    own = {
        "QUERIES": queries,
        "TRIGGER": settings.trigger,
        "DIMS": str(settings.folder.dims),
        "CHECKPOINTS": str(settings.folder.checkpoints),
        "GEAR_POLICY": settings.gear_policy,
        "ALLOWED_LATENESS_SECONDS": str(ALLOWED_LATENESS_SECONDS),
        "WINDOW_SECONDS": str(settings.window_seconds),
        "WINDOW_SLIDE_SECONDS": str(settings.slide_seconds or settings.window_seconds),
        "JARS": str(settings.jars / "kafka"),
    }
    return _spec(name, ("tacho_enricher",), settings, own, nice)


def _spec(name: str, module: tuple[str, ...], settings: RunSettings, own: dict[str, str], nice: int = 0) -> Spec:
    prefix = module[0].upper()
    own = {**own, "METRICS_PORT": str(listening_port())}
    env = _common(settings) | {f"{prefix}_{key}": value for key, value in own.items()}
    return Spec(name, (sys.executable, "-m", *module), settings.folder.logs / f"{name}.log", env, nice)


def _common(settings: RunSettings) -> dict[str, str]:
    return {
        "TACHO_KAFKA_SERVERS": f"127.0.0.1:{settings.port}",
        "TACHO_KAFKA_MODE": "plaintext",
        "PYTHONUNBUFFERED": "1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        # Spark's scratch space: swept with the run folder, not left in /tmp after a kill -9.
        "SPARK_LOCAL_DIRS": str(settings.folder.root / "scratch"),
    }
