"""What the enricher can be told, from the environment only (prefix TACHO_ENRICHER_)."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tacho_contracts.errors import ContractError
from tacho_contracts.exposing import HOST, Port
from tacho_enricher.gears import GearPolicy


class Query(StrEnum):
    """One streaming query; a process runs any of them."""

    ENRICH = "enrich"
    WINDOWS = "windows"
    ALERT_WINDOWS = "alert-windows"


class Trigger(StrEnum):
    """How `enrich` runs: sample by sample, in micro-batches, or once over what is there."""

    REALTIME = "realtime"
    MICRO = "micro"
    AVAILABLE_NOW = "available-now"


class Settings(BaseSettings):
    """Every setting with its default; the README's table says the same."""

    model_config = SettingsConfigDict(env_prefix="TACHO_ENRICHER_", frozen=True)

    queries: Annotated[tuple[Query, ...], NoDecode] = tuple(Query)
    """Which queries this process runs, separated by commas."""
    trigger: Trigger = Trigger.REALTIME
    """Of `enrich`; `available-now` makes the window queries stop at the end of their input too."""
    epoch_seconds: int = Field(default=300, ge=5)
    """How often real-time mode writes its checkpoint, and so how much it repeats after a crash."""
    dims: str = "data/dims"
    """Folder or s3:// prefix of the dimension files."""
    checkpoints: str = ".tacho/run/checkpoints"
    """Folder or s3:// prefix of the checkpoints."""
    state_epoch: int = Field(default=0, ge=0)
    """Raised when the shape of the queries' state changes: they begin anew, in a folder e<N> of their own."""
    stop: str = ""
    """Path or s3:// address of the marker that asks for a stop without repeats; none when empty."""
    gear_policy: GearPolicy = GearPolicy.DRIVETRAIN
    allowed_lateness_seconds: int = Field(default=120, ge=0)
    """A sample whose record timestamp is further behind its event_time is late."""
    window_seconds: int = Field(default=900, gt=0)
    window_slide_seconds: int | None = Field(default=None, gt=0)
    """Distance of window starts; the window's size when absent."""
    window_trigger_seconds: int = Field(default=10, gt=0)
    """How often a window query looks for new samples."""
    window_tasks: int = Field(default=1, ge=0)
    """Tasks a batch of a window query is read by; 0 is one for each partition, where one core is not enough."""
    jars: str = ""
    """Folders of the connector jars, separated by colons; empty where spark-submit is given them (EMR)."""
    s3_endpoint: str | None = None
    """Where s3:// is served, when that is not AWS."""
    master: str | None = None
    """Spark master; local[enough] when absent, left to spark-submit when empty (EMR)."""
    memory: str = Field(default="512m", pattern=r"^\d+[mg]$")
    """Heap of a local JVM."""
    metrics_port: Port = 0
    """Of `/metrics`, `/healthz` and `/readyz`; 0 or empty: none is opened."""
    metrics_host: str = HOST
    """Address on which that port is opened."""
    wait_seconds: float = Field(default=60.0, ge=0)
    """How long a start waits for the broker, its topics and the cars file."""
    restarts: int = Field(default=0, ge=0, validation_alias="TACHO_RESTARTS")
    """How often the supervisor has restarted this process; shown in service-status."""

    @field_validator("queries", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if not self.queries or len(set(self.queries)) < len(self.queries):
            raise ValueError("TACHO_ENRICHER_QUERIES needs one query at least, and each only once")
        if self.slide_seconds > self.window_seconds or self.window_seconds % self.slide_seconds:
            raise ValueError(
                f"TACHO_ENRICHER_WINDOW_SECONDS={self.window_seconds} is not a multiple of "
                f"TACHO_ENRICHER_WINDOW_SLIDE_SECONDS={self.slide_seconds}"
            )
        return self

    @property
    def slide_seconds(self) -> int:
        """Distance of window starts in seconds."""
        return self.window_slide_seconds or self.window_seconds


def settings_from_environment() -> Settings:
    """The settings the environment describes. Raises ContractError with one sentence when one is unusable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            # Several settings that do not fit together; the sentence names them.
            raise ContractError(message) from error
        name = str(first["loc"][0])
        variable = name if name.startswith("TACHO_") else f"TACHO_ENRICHER_{name.upper()}"
        raise ContractError(f"{variable}: {message}, got {first['input']!r}") from error
