"""The producer's settings: environment TACHO_PRODUCER_*, and command line flags of the same names on top."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tacho_contracts.exposing import HOST, Port
from tacho_producer.encoding import Encoding
from tacho_producer.errors import SettingsError
from tacho_producer.mistakes import MistakeShares


class Faults(StrEnum):
    """Whether faults may be injected on purpose."""

    OFF = "off"
    ALLOW = "allow"


class Settings(BaseSettings):
    """What the producer needs to know. Each field's description is the README's text for it."""

    model_config = SettingsConfigDict(env_prefix="TACHO_PRODUCER_", frozen=True, extra="forbid")

    dims: str = Field("data/dims", description="folder or s3://bucket/prefix with cars, car_models, drivetrains")
    cars: int = Field(20, ge=1, le=1_000_000, description="how many cars drive: the first so many of the cars files")
    rate: float = Field(1.0, gt=0, le=1000, description="samples a second of each car")
    speed_up: float = Field(1.0, gt=0, description="simulated seconds a second; `inf` is as fast as possible")
    seconds: float | None = Field(None, gt=0, description="simulated seconds to run; without end when absent")
    start: datetime | None = Field(None, description="simulated time of the first sample, ISO 8601; else derived")
    seed: int = Field(1, ge=0, description="same seed and same start: the same bytes")
    encoding: Encoding = Field(Encoding.AVRO, description="`avro` or `json`")
    journal: Path | None = Field(None, description="folder of the journal; none is kept when absent")
    journal_segment_mb: int = Field(64, ge=1, description="a journal segment is closed at this size")
    journal_retention_mb: int = Field(4096, ge=1, description="old journal segments beyond this are deleted")
    speeding: float = Field(0.30, ge=0, le=1, description="share of a trip's stages with speeding (> 120 km/h)")
    over_revving: float = Field(0.42, ge=0, le=1, description="share of stages with over-revving (> 6000/min)")
    wrong_gear: float = Field(0.24, ge=0, le=1, description="share of stages driven in too high a gear")
    queue_samples: int = Field(100_000, ge=1000, description="samples held in memory while the broker is away")
    linger_ms: float | None = Field(None, ge=0, description="wait for fuller batches; 0 live, 20 under speed-up")
    stop_timeout_seconds: float = Field(15.0, gt=0, description="how long a stop waits for confirmations")
    faults: Faults = Field(
        Faults.OFF, description="`allow` reads the topic `faults` and injects what is switched on; no replay does"
    )
    metrics_port: Port = Field(0, description="port of `/metrics`, `/healthz`, `/readyz`; 0 or empty: none is opened")
    metrics_host: str = Field(HOST, description="address on which that port is opened")
    restarts: int = Field(
        0,
        ge=0,
        validation_alias="TACHO_RESTARTS",
        description="how often the supervisor has restarted this process: a run with an end then keeps its first end",
    )

    @field_validator("start")
    @classmethod
    def _utc(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        if self.speed_up != 1.0 and self.seconds is None:
            raise ValueError("speed_up needs seconds: simulated time must not pass the clock")
        if self.shares.any > 1.0:
            raise ValueError("speeding, over_revving and wrong_gear are shares of one whole, 1 in all at most")
        return self

    @property
    def shares(self) -> MistakeShares:
        """How often drivers make which mistake."""
        return MistakeShares(self.speeding, self.over_revving, self.wrong_gear)

    @property
    def linger(self) -> float:
        """The linger in force, in ms."""
        return self.linger_ms if self.linger_ms is not None else (0.0 if self.speed_up == 1.0 else 20.0)


def variable(name: str) -> str:
    """The environment variable of a setting, given by its field or by the alias that pydantic calls it by."""
    alias = Settings.model_fields[name].validation_alias if name in Settings.model_fields else name
    return str(alias or f"TACHO_PRODUCER_{name.upper()}")


def load_settings(flags: dict[str, Any]) -> Settings:
    """Settings from the environment with `flags` on top. Raises SettingsError with one sentence."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            # Several settings that do not fit together; the sentence names them.
            raise SettingsError(message) from error
        name = str(first["loc"][0])
        place = f"--{name.replace('_', '-')}" if name in given else variable(name)
        raise SettingsError(f"{place}: {message}, got {first['input']!r}") from error
